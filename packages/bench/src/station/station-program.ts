import { type StationAddress, StationServer } from '@dimp/station';
import { processUse } from './process-use.js';
import type { Program } from './program.js';

/** How a station is started. */
export interface StationJob {
  readonly data: string;
}

/** A station as `dims` runs it, with a key of 1024 bits, and limits that the load does not meet. */
export async function createStation({ data }: StationJob): Promise<Program> {
  const begun = performance.now();
  const station = new StationServer({
    data,
    listen: { port: 0 },
    keyBits: 1024,
    limits: { messagesPerSecond: 1e9, bytesPerSecond: 1e12 },
  });
  const address = await station.start();
  const startMilliseconds = performance.now() - begun;
  return {
    address: (): StationAddress => address,
    startMilliseconds: () => startMilliseconds,
    sessions: () => station.status().sessions,
    stored: () => station.status().stored.messages,
    ...processUse,
    close: () => station.close(),
  };
}
