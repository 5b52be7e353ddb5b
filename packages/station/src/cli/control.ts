import type { Writable } from 'node:stream';
import { HttpProblem } from '../http/http-problem.js';
import type { StationControl } from '../http/station-control.js';
import type { StationServer } from '../station-server.js';
import { knownUsers, mostKnown } from './known-users.js';
import { writeBackup } from './write-backup.js';

/** What the other commands may ask of a station that this process runs. */
export function createControl(running: () => StationServer, data: string, stop: () => void): StationControl {
  let isCopying = false;
  return {
    health: () => running().health(),
    status() {
      const station = running();
      const { address, stored, connections, ...status } = station.status();
      return {
        ...status,
        // that of who asks is no client's
        connections: connections - 1,
        ...(address && { ...address }),
        stored: { ...stored },
        blocked: station.bannedUsers().map(({ text }) => text),
        pid: process.pid,
        data,
      };
    },
    users: () =>
      running()
        .onlineUsers()
        .map(({ text }) => text),
    async known() {
      const { count, newest } = await running().knownUsers(mostKnown);
      return knownUsers(count, newest);
    },
    setBanned: (id, isBanned) => running().setBanned(id, isBanned),
    async backup(to: Writable) {
      if (isCopying) throw new HttpProblem(409, 'A backup is being made already.');
      isCopying = true;
      try {
        await writeBackup(data, to);
      } finally {
        isCopying = false;
      }
    },
    stop,
  };
}
