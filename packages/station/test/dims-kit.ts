import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { isJsonObject, type JsonObject } from '@dimp/crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { build } from 'esbuild';
import { afterTest } from './after-test.js';

/** What a command ended with. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A station in a process of its own. */
export interface RunningStation {
  readonly child: Child;
  readonly id: string;
  readonly url: string;
  readonly port: number;
  /** Waits for its end. */
  readonly ended: Promise<Ended>;
}

/** The program, bundled from the sources, so that nothing has to be built before. */
const folder = join(import.meta.dirname, `../node_modules/.dims-${process.pid}`);
const program = join(folder, 'bin/dims.mjs');

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  // its name and version
  await copyFile(join(import.meta.dirname, '../package.json'), join(folder, 'package.json'));
  await build({
    entryPoints: [join(import.meta.dirname, '../src/bin/dims.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@dimp/source'],
    external: ['@fastify/busboy', 'classic-level', 'commander', 'pino', 'prom-client', 'ws'],
    logLevel: 'error',
  });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder that is removed after the test. */
export async function newFolder(): Promise<string> {
  const one = await mkdtemp(join(tmpdir(), 'dimp-dims-'));
  afterTest(() => rm(one, { recursive: true, force: true }));
  return one;
}

/** Runs `dims` to its end. */
export function dims(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return endOf(launch(args, env));
}

/** Runs `dims` with one line of JSON as its answer. */
export async function dimsJson(...args: readonly string[]): Promise<JsonObject> {
  const { status, stdout, stderr } = await dims([...args, '--json']);
  if (status !== 0) throw new Error(`dims ${args.join(' ')} ended with ${status}: ${stderr}`);
  return readLine(stdout);
}

/** Starts a station on any port, and waits until it listens. */
export async function startDims(
  data: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningStation> {
  const child = launch(['--port', '0', '--data', data, '--key-bits', '1024', '--json', ...args], env);
  const ended = endOf(child);
  const line = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (part: string) => {
      output += part;
      if (output.includes('\n')) resolve(output);
    });
    ended.then(({ status, stderr }) => reject(new Error(`ended with ${status}: ${stderr}`)), reject);
  });
  const { id, url, port } = readLine(line);
  return { child, id: String(id), url: String(url), port: Number(port), ended };
}

function launch(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  afterTest(() => kill(child));
  return child;
}

async function kill(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function endOf(child: Child): Promise<Ended> {
  const [[status], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

function readLine(output: string): JsonObject {
  const value: unknown = JSON.parse(output);
  if (isJsonObject(value)) return value;
  throw new Error(`expected a JSON object, got ${output}`);
}
