import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../errors.js';

const fileName = 'closed.json';

/** What a file was when the database was closed. */
interface FileState {
  readonly size: number;
  /** SHA-256 in hexadecimal, of logs only: they are a few megabytes at most. */
  readonly digest?: string;
}

/**
 * Writes down which files a database consists of, how long they are, and what is in its logs, when it was closed in
 * order. LevelDB takes a log that was cut off or altered for one whose end was never written, and says nothing; with
 * this it is noticed. Altered tables it finds itself, or the seals of the records do.
 */
export async function writeInventory(location: string): Promise<void> {
  const files = await fileStates(join(location, 'records'));
  await writeFile(join(location, fileName), `${JSON.stringify(files)}\n`, { mode: 0o600 });
}

/**
 * Compares the files with what was written down, and forgets that, as they change from now on.
 * @throws {StoreError} `ERR_STORE_CORRUPT` when a file is missing or shorter, or a log is another
 */
export async function checkInventory(location: string): Promise<void> {
  const written = await readInventory(location);
  const files = await fileStates(join(location, 'records'));
  if (files['CURRENT'] === undefined && Object.keys(files).some(name => /^\d+\.(log|ldb)$/.test(name))) {
    throw corrupt('CURRENT is missing');
  }
  for (const [name, { size, digest }] of Object.entries(written)) {
    const found = files[name];
    if (found === undefined) throw corrupt(`${name} is missing`);
    if (found.size < size) throw corrupt(`${name} has ${found.size} of its ${size} bytes`);
    if (found.digest !== digest) throw corrupt(`${name} has other bytes`);
  }
  await forgetInventory(location);
}

/** After this the files are taken as they are. */
export async function forgetInventory(location: string): Promise<void> {
  await rm(join(location, fileName), { force: true });
}

async function readInventory(location: string): Promise<Readonly<Record<string, FileState>>> {
  try {
    return JSON.parse(await readFile(join(location, fileName), 'utf8'));
  } catch {
    // it was not closed in order, and then the end of a log may be missing and nothing is wrong
    return {};
  }
}

/** What LevelDB writes for people, `LOG`, and its lock are not part of the database. */
async function fileStates(folder: string): Promise<Readonly<Record<string, FileState>>> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const parts = names.filter(name => /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb))$/.test(name));
  const states = await Promise.all(parts.map(name => fileState(join(folder, name))));
  return Object.fromEntries(parts.map((name, index) => [name, states[index] as FileState]));
}

async function fileState(path: string): Promise<FileState> {
  if (!path.endsWith('.log')) return { size: (await stat(path)).size };
  const bytes = await readFile(path);
  return { size: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') };
}

function corrupt(what: string): StoreError {
  return new StoreError(
    'ERR_STORE_CORRUPT',
    `The database was altered after it was closed: ${what}; see repairStore().`,
  );
}
