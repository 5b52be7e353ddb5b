import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { listPublicPackages, type PublicPackage } from '../entries.js';
import type { Row } from '../row.js';
import { median, quantile } from '../statistics.js';
import type { Suite } from '../suite.js';

export const importSuite: Suite = {
  name: 'import',
  about: 'importing each package in a program of its own: time and heap over bare Node',
  run: ({ slowRounds }) => importRows(listPublicPackages().flatMap(importedOf), slowRounds),
};

/** A package by its name; one that has nothing under its name by its entries. */
export function importedOf({ name, entries }: PublicPackage): readonly string[] {
  return entries.includes(name) ? [name] : entries;
}

/** Starts a program for each module, in turns with one that imports nothing. */
export async function* importRows(modules: readonly string[], rounds: number): AsyncGenerator<Row> {
  for (const name of modules) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = performance.now();
      await start(importing(name));
      const between = performance.now();
      await start('');
      times.push(2 * between - before - performance.now());
    }
    const heapBytes = (await leastHeap(importing(name))) - (await leastHeap(''));
    yield {
      suite: 'import',
      name,
      value: median(times),
      unit: 'ms',
      quartiles: [quantile(times, 0.25), quantile(times, 0.75)],
      details: { heapBytes },
    };
  }
}

const folder = dirname(fileURLToPath(import.meta.url));

function importing(name: string): string {
  return `import ${JSON.stringify(name)};`;
}

const printHeap = 'gc(); process.stdout.write(String(process.memoryUsage().heapUsed));';

/** Node 24 holds half a megabyte more in some of its starts than in others. */
async function leastHeap(code: string): Promise<number> {
  const sizes: number[] = [];
  for (let count = 0; count < heapStarts; count++) sizes.push(Number(await start(`${code} ${printHeap}`)));
  return Math.min(...sizes);
}

const heapStarts = 3;

/** Runs code in a program of its own and gives what it prints. */
async function start(code: string): Promise<string> {
  const args = ['--expose-gc', '--input-type=module', '--eval', code];
  return (await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout;
}
