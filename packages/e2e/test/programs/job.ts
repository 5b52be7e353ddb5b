import { writeSync } from 'node:fs';

/** What a program is told: its first argument. */
export function readJob<Job>(): Job {
  return JSON.parse(process.argv[2] as string) as Job;
}

/** A line, written through at once: what was said was said even if the next moment is the last. */
export function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
