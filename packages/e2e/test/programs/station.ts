// A station that runs until it is told to stop, or is killed.
import { createLog, StationServer } from '@dimp/station';
import { readJob, say } from './job.js';

/** What a station is told. */
export type StationJob = Pick<
  ConstructorParameters<typeof StationServer>[0],
  'data' | 'listen' | 'limits' | 'retention' | 'neighbours' | 'files'
>;

const log = createLog({ level: 'error' });
const station = new StationServer({ ...readJob<StationJob>(), keyBits: 1024, log });

process.on('SIGTERM', async () => {
  await station.close();
  process.disconnect();
});
// whoever started it was killed
process.once('disconnect', () => process.exit());
process.on('message', () => {
  // what is garbage says nothing
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ ...station.status(), memory: heapUsed + external });
});
say(await station.start());
