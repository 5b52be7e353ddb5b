import { createHash } from 'node:crypto';
import { readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../errors.js';

const fileName = 'closed.json';

/** What a file was when the database was closed. */
interface FileState {
  readonly size: number;
  /** SHA-256 in hexadecimal, of logs only: they are a few megabytes at most. */
  readonly digest?: string;
}

/** The files of a database, by their names. */
type Inventory = Readonly<Record<string, FileState>>;

/**
 * Writes down which files a database consists of, how long they are, and what is in its logs, when it was closed in
 * order. LevelDB takes a log that was cut off or altered for one whose end was never written, and says nothing; with
 * this it is noticed. Altered tables it finds itself, or the seals of the records do.
 *
 * The lock is given up before, so somebody else may have opened the database already. Each opening makes a manifest of
 * its own, and the one that is written down tells which opening this is about.
 * @param manifest as `readManifest` gave it while the database was open
 */
export async function writeInventory(location: string, manifest: string | undefined): Promise<void> {
  try {
    const states = Object.entries(await fileStates(location));
    const own = states.filter(([name]) => name === manifest || !name.startsWith('MANIFEST'));
    // theirs is to be written when they close
    if ((await readManifest(location)) !== manifest) return;
    const text = `${JSON.stringify(Object.fromEntries(own))}\n`;
    await writeFile(join(location, fileName), text, { mode: 0o600 });
  } catch {
    // no room, for one: everything else is on disk, and without it, or with half of it, files are taken as they are
  }
}

/**
 * Compares the files with what was written down when they were closed. Nothing is locked, so they may be changing:
 * then they are for whoever changes them.
 * @throws {StoreError} `ERR_STORE_CORRUPT` when a file is missing or shorter, or a log is another
 */
export async function checkInventory(location: string): Promise<void> {
  const written = await readInventory(location);
  const problem = compare(written, await fileStates(location));
  if (problem === undefined) return;
  // read last: whoever opens the database names another manifest before he removes or changes anything
  const manifest = await readManifest(location);
  if (manifest === undefined || written[manifest] !== undefined) {
    const text = `The database was altered after it was closed: ${problem}; see repairStore().`;
    throw new StoreError('ERR_STORE_CORRUPT', text);
  }
}

/** What is wrong with the files, in words; undefined when nothing is. */
function compare(written: Inventory, files: Inventory): string | undefined {
  if (files['CURRENT'] === undefined && Object.keys(files).some(name => /^\d+\.(log|ldb)$/.test(name))) {
    return 'CURRENT is missing';
  }
  for (const [name, state] of Object.entries(written)) {
    const { size, digest } = Object(state) as FileState;
    const found = files[name];
    if (found === undefined) return `${name} is missing`;
    if (found.size < size) return `${name} has ${found.size} of its ${size} bytes`;
    if (found.digest !== digest) return `${name} has other bytes`;
  }
  return undefined;
}

/** The file that the database begins with, which is another one after each opening; undefined when there is none. */
export async function readManifest(location: string): Promise<string | undefined> {
  return unlessMissing(async () => (await readFile(join(location, 'records', 'CURRENT'), 'utf8')).trim());
}

/** After this the files are taken as they are. */
export async function forgetInventory(location: string): Promise<void> {
  await unlessMissing(() => unlink(join(location, fileName)));
}

async function readInventory(location: string): Promise<Inventory> {
  try {
    return Object(JSON.parse(await readFile(join(location, fileName), 'utf8')));
  } catch {
    // it was not closed in order, and then the end of a log may be missing and nothing is wrong
    return {};
  }
}

/** What LevelDB writes for people, `LOG`, and its lock are not part of the database. */
async function fileStates(location: string): Promise<Inventory> {
  const folder = join(location, 'records');
  const names = (await unlessMissing(() => readdir(folder))) ?? [];
  const parts = names.filter(name => /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb))$/.test(name));
  // somebody else may be removing what was there
  const states = await Promise.all(parts.map(name => unlessMissing(() => fileState(join(folder, name)))));
  return Object.fromEntries(
    parts.flatMap((name, index) => {
      const state = states[index];
      return state === undefined ? [] : [[name, state]];
    }),
  );
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function fileState(path: string): Promise<FileState> {
  if (!path.endsWith('.log')) return { size: (await stat(path)).size };
  const bytes = await readFile(path);
  return { size: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') };
}
