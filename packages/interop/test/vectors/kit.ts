import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVectors } from '../../src/vectors/command.js';

/** A folder for one test file's vectors. */
export interface Folder {
  readonly path: string;
  /** Writes a file, as JSON unless it is text already, and tells its path. */
  write(name: string, content: unknown): Promise<string>;
  remove(): Promise<void>;
}

export async function createFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'dimp-vectors-'));
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    remove: () => rm(path, { recursive: true }),
  };
}

/** What a run of the command gave. */
export interface Run {
  readonly status: number;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

export async function run(...argv: readonly string[]): Promise<Run> {
  const lines: string[] = [];
  const errors: string[] = [];
  const status = await runVectors(argv, {
    write: line => lines.push(...line.split('\n')),
    writeError: line => errors.push(line),
  });
  return { status, lines, errors };
}

/** A case that passes. */
export const goodCase = {
  name: 'three letters',
  op: 'base64-decode',
  in: { text: 'YWJj' },
  out: { data: 'YWJj' },
};
