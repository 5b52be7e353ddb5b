import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type JsonObject, JsonReader, parseJsonObject } from '@dimp/crypto';
import type { StationFacts } from './relay.js';

/** A station that was started, and how it is stopped. */
export interface StationProcess {
  readonly facts: StationFacts;
  readonly meta: JsonObject;
  /** Resolves when the process is gone, and its folder. */
  stop(): Promise<void>;
}

/** What a station is started with. */
export interface StationProcessOptions {
  /** The program `dims`; that of `@dimp/station` when absent. */
  readonly program?: string;
  /** Strength of its RSA key. */
  readonly bits: number;
  readonly signal: AbortSignal;
}

/** Milliseconds that a station has to stop. */
const patience = 10_000;

/**
 * Starts `dims start` on a free port with an empty folder.
 * @throws {Error} when it ends before it listens; the text is what it said
 */
export async function startStation(options: StationProcessOptions): Promise<StationProcess> {
  const { bits, signal, program = await findProgram() } = options;
  const data = await mkdtemp(join(tmpdir(), 'dimp-demo-'));
  const args = ['start', '--json', '--port', '0', '--data', data, '--key-bits', String(bits)];
  const child = spawn(process.execPath, [program, ...args, '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutSettings(process.env),
  });
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    await ended;
    clearTimeout(timer);
    await rm(data, { recursive: true, force: true });
  };
  try {
    signal.throwIfAborted();
    const reader = new JsonReader(parseJsonObject(await firstLine(child, ended, signal), 'dims'), 'dims');
    const facts = { id: reader.text('id'), url: reader.text('url'), pid: reader.integer('pid') };
    return { facts, meta: reader.object('meta'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findProgram(): Promise<string> {
  const manifest = fileURLToPath(import.meta.resolve('@dimp/station/package.json'));
  const reader = new JsonReader(parseJsonObject(await readFile(manifest), 'package.json'), 'package.json');
  return join(dirname(manifest), new JsonReader(reader.object('bin'), 'bin').text('dims'));
}

async function firstLine(child: ChildProcess, ended: Promise<unknown>, signal: AbortSignal): Promise<string> {
  let problem = '';
  child.stderr?.setEncoding('utf8').on('data', text => {
    problem += text;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const line = once(lines, 'line', { signal });
  const end = ended.then(() => {
    throw new Error(`The station did not start: ${problem.trim()}`);
  });
  const [text] = await Promise.race([line, end]);
  return String(text);
}

/** A station of the demo is not to be what the operator of another one has set. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DIMS_')));
}
