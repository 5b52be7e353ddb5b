import { setTimeout } from 'node:timers/promises';
import type { Row } from '../row.js';
import { start } from './programs.js';

/** Seconds between two signs of life of a connection. */
const heartbeat = 30;
/** File descriptors that a process has for other things than connections, and more than that. */
const otherFiles = 256;

/** How many connections there can be here beside others: each is a file of the station, and one of the load. */
export function possibleConnections(wanted: number, others: number): number {
  const { userLimits } = process.report.getReport() as unknown as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: number | 'unlimited' } };
  };
  const files = Number(userLimits?.open_files?.soft ?? 'unlimited');
  return Number.isNaN(files) ? wanted : Math.min(wanted, files - others - otherFiles);
}

/** What there is to measure connections with. */
export interface IdleLoad {
  /** Connections whose signs of life are measured. */
  readonly alive: number;
  /** Connections whose memory is measured; they come after those. */
  readonly kept: number;
  readonly seconds: number;
}

/** What connections cost that are logged in and do nothing but say that they are there. */
export async function idleRows(data: string, { alive, kept, seconds }: IdleLoad): Promise<readonly Row[]> {
  const station = await start('station', { data });
  const load = await start('load', { users: alive + kept, messages: 0 });
  try {
    const { url } = await station.call<{ readonly url: string }>('address');
    const connect = { url, isStation: true, acks: true };
    await load.call('connect', { ...connect, users: alive });
    const cpu = await station.call<number>('cpu');
    await load.call('stayAlive', { seconds, heartbeat });
    const used = (await station.call<number>('cpu')) - cpu;
    // what code and heap grow by with the first logins is no connection's
    const memory = await station.call<number>('memory');
    await load.call('connect', { ...connect, users: kept });
    await setTimeout(seconds * 200);
    const after = await station.call<number>('memory');
    const suite = 'station';
    return [
      {
        suite,
        name: `${alive} connections that are idle, processor time in a second`,
        value: used / 1000 / seconds,
        unit: 'ms',
      },
      {
        suite,
        name: `connection that is idle, one of ${kept}`,
        value: (after - memory) / kept / 1024,
        unit: 'kB',
        details: { memory: after },
      },
    ];
  } finally {
    await load.close();
    await station.close();
  }
}
