import { fileURLToPath } from 'node:url';
import type { BareRelayJob } from './bare-relay.js';
import type { LoadJob } from './load.js';
import { type Programs, type Running, startHere, startProcess } from './program.js';
import type { StationJob } from './station-program.js';

/** What is started for a measurement, and what each is told. */
interface Jobs {
  readonly station: StationJob;
  readonly bare: BareRelayJob;
  readonly load: LoadJob;
}

/** Each is loaded when it is started: loading is part of a start. */
export const programs: Programs = {
  station: async (job: StationJob) => (await import('./station-program.js')).createStation(job),
  bare: async (job: BareRelayJob) => (await import('./bare-relay.js')).createBareRelay(job),
  load: async (job: LoadJob) => (await import('./load.js')).createLoad(job),
};

/** Run from its sources, as in tests, there is nothing that another process could run. */
const isBuilt: boolean = import.meta.url.endsWith('.js');

/** Starts a program, in a process of its own where it can be. @param flags of Node */
export function start<Name extends keyof Jobs>(
  name: Name,
  job: Jobs[Name],
  flags: readonly string[] = [],
): Promise<Running> {
  if (!isBuilt) return startHere(programs, name, job);
  const file = fileURLToPath(new URL('./child.js', import.meta.url));
  // memory is looked at after a collection
  return startProcess(file, name, job, ['--expose-gc', ...flags]);
}
