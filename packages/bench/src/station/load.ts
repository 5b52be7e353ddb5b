import { setTimeout } from 'node:timers/promises';
import { LoadRun, type RunJob, type RunResult } from './load-run.js';
import { bareUsers, type LoadUser, stationUsers } from './load-users.js';
import { createPeople, type People } from './people.js';
import { processUse } from './process-use.js';
import type { Program } from './program.js';

/** Who there is to send and receive. */
export interface LoadJob {
  readonly users: number;
  /** Messages that can be sent in one run. */
  readonly messages: number;
}

/** Whereto the users connect. */
export interface ConnectJob {
  readonly url: string;
  /** Whether there is a station: else a bare relay. */
  readonly isStation: boolean;
  /** Whether senders ask for transport ACKs. */
  readonly acks: boolean;
  /** How many of the users; all when absent. */
  readonly users?: number;
}

/** How connections show that they are there. */
export interface AliveJob {
  readonly seconds: number;
  /** Seconds between two words of one connection. */
  readonly heartbeat: number;
}

/** Generates load: has the users, their signed messages, and their connections with one relay at a time. */
export async function createLoad({ users, messages }: LoadJob): Promise<Program> {
  const people: People = await createPeople(users, messages);
  let connected: readonly LoadUser[] = [];
  const disconnect = (): void => {
    for (const { socket } of connected) socket.terminate();
    connected = [];
  };
  const connect = async ({ url, isStation, acks, users: count = users }: ConnectJob): Promise<void> => {
    const some = people.all.slice(connected.length, connected.length + count);
    const more = isStation ? await stationUsers(some, url, acks) : await bareUsers(some, url);
    connected = [...connected, ...more];
  };
  return {
    connect,
    run: (job: RunJob): Promise<RunResult> => new LoadRun(people, connected, job).result,
    stayAlive: (job: AliveJob): Promise<void> => stayAlive(connected, job),
    disconnect,
    ...processUse,
    close: disconnect,
  };
}

/** Has each connection say a word now and then, spread over the time. */
async function stayAlive(users: readonly LoadUser[], { seconds, heartbeat }: AliveJob): Promise<void> {
  const begun = performance.now();
  let said = 0;
  for (let passed = 0; passed < seconds; passed = (performance.now() - begun) / 1000) {
    for (const due = (passed / heartbeat) * users.length; said < due; said++) {
      users[said % users.length]?.socket.send('PING');
    }
    await setTimeout(20);
  }
}
