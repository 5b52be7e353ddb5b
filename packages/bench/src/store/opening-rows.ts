import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Row } from '../row.js';
import { median, quantile } from '../statistics.js';
import type { Scope } from '../suite.js';

/**
 * Each in a program of its own: the time of `openStore` alone, and the memory beside a program that does nothing.
 * @param code prints both, see `report`
 */
export async function openingRows(
  code: string,
  count: number,
  { slowRounds }: Pick<Scope, 'slowRounds'>,
): Promise<readonly Row[]> {
  const [times, memory]: [number[], number[]] = [[], []];
  for (let round = 0; round < slowRounds; round++) {
    const { time = 0, bytes } = await start(code);
    times.push(time);
    memory.push((bytes - (await start(report('undefined'))).bytes) / 1024);
  }
  const row = (name: string, unit: 'ms' | 'kB', values: readonly number[]): Row => ({
    suite: 'store',
    name,
    value: median(values),
    unit,
    quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
  });
  return [
    row(`opening ${count} messages`, 'ms', times),
    row(`opening ${count} messages, memory`, 'kB', memory),
  ];
}

/** What opens a store and reports. */
export function opening(location: string): string {
  return `import { openStore } from '@dimp/store';
    const begun = performance.now();
    await openStore({ location: ${JSON.stringify(location)} });
    const time = performance.now() - begun;
    ${report('time')}
    process.exit();`;
}

/** Resident memory, of which LevelDB's is a part. */
export function report(time: string): string {
  return `process.stdout.write(JSON.stringify({ time: ${time}, bytes: process.memoryUsage().rss }));`;
}

const here = dirname(fileURLToPath(import.meta.url));

async function start(code: string): Promise<{ readonly time?: number; readonly bytes: number }> {
  const args = ['--input-type=module', '--eval', code];
  return JSON.parse((await promisify(execFile)(process.execPath, args, { cwd: here })).stdout);
}
