import { setTimeout } from 'node:timers/promises';
import type { Row } from '../row.js';
import { start } from './programs.js';

/** Seconds between two signs of life of a connection. */
const heartbeat = 30;
/** Connections before those that are counted: what code and heap grow by with the first logins is none of them. */
const first = 500;

/** File descriptors that a process has for other things than connections, and more than that. */
const otherFiles = 256;

/** How many connections there can be here, of so many: each is a file of the station, and one of the load. */
export function possibleConnections(wanted: number): number {
  const { userLimits } = process.report.getReport() as unknown as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: number | 'unlimited' } };
  };
  const files = Number(userLimits?.open_files?.soft ?? 'unlimited');
  return Number.isNaN(files) ? wanted : Math.min(wanted, files - first - otherFiles);
}

/** What connections cost that are logged in and do nothing but say that they are there. */
export async function idleRows(data: string, connections: number, seconds: number): Promise<readonly Row[]> {
  const station = await start('station', { data });
  const before = Math.min(first, connections);
  const load = await start('load', { users: before + connections, messages: 0 });
  try {
    const { url } = await station.call<{ readonly url: string }>('address');
    const connect = { url, isStation: true, acks: true };
    await load.call('connect', { ...connect, users: before });
    const memory = await station.call<number>('memory');
    await load.call('connect', { ...connect, users: connections });
    await setTimeout(seconds * 200);
    const after = await station.call<number>('memory');
    const cpu = await station.call<number>('cpu');
    await load.call('stayAlive', { seconds, heartbeat });
    const used = (await station.call<number>('cpu')) - cpu;
    const suite = 'station';
    return [
      {
        suite,
        name: `connection that is idle, one of ${connections}`,
        value: (after - memory) / connections / 1024,
        unit: 'kB',
        details: { memory: after },
      },
      {
        suite,
        name: `${connections} connections that are idle, processor time in a second`,
        value: used / 1000 / seconds,
        unit: 'ms',
      },
    ];
  } finally {
    await load.close();
    await station.close();
  }
}
