import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Job } from './child.js';

/** What a child printed before its end, line by line, in words. */
export interface Told {
  readonly lines: readonly (readonly string[])[];
  /** What it wrote to its standard error. */
  readonly errors: string;
  readonly wasKilled: boolean;
}

/** When a child is killed: milliseconds after it was started, or after it has said something so many times. */
export interface Moment {
  readonly after: 'start' | 'opening' | 'opened' | 'added' | 'changing';
  /** 1 when absent. */
  readonly count?: number;
  readonly time: number;
}

/** The child's program, bundled from the sources, so that nothing has to be built before. */
export interface ChildProgram {
  run(job: Job, moment: Moment): Promise<Told>;
  remove(): Promise<void>;
}

export async function buildChild(): Promise<ChildProgram> {
  const packageFolder = join(import.meta.dirname, '../..');
  // where the native module is found from
  const folder = join(packageFolder, `node_modules/.faults-${process.pid}`);
  const file = join(folder, 'child.mjs');
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, 'child.ts')],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@dimp/source'],
    external: ['classic-level'],
    logLevel: 'error',
  });
  return {
    run: (job, moment) => run(file, job, moment),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function run(file: string, job: Job, { after, count = 1, time }: Moment): Promise<Told> {
  const child = spawn(process.execPath, [file, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), time);
  };
  const verb = new RegExp(`^${after}\\b`, 'gm');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if ((output.match(verb)?.length ?? 0) >= count) kill();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  if (after === 'start') kill();
  const signal = await new Promise<string | null>(resolve =>
    child.on('close', (_, signal) => resolve(signal)),
  );
  clearTimeout(timer);
  // a last line without its end was not said
  const lines = output.split('\n').slice(0, -1);
  return { lines: lines.map(line => line.split(' ')), errors, wasKilled: signal === 'SIGKILL' };
}
