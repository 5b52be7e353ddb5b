import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StationError } from '../errors.js';

/** A file of a station as it was at one moment. */
export interface SnapshotFile {
  /** In the data folder, with `/` between folders. */
  readonly name: string;
  /** Where it can be read. */
  readonly path: string;
  /** How many of its bytes count: a log may have grown since. */
  readonly size: number;
}

/** A station's files as they were at one moment. */
export interface Snapshot {
  readonly files: readonly SnapshotFile[];
  /** Removes what it needed. */
  release(): Promise<void>;
}

/** Folders of databases. The account last: whoever is named in the others is known there. */
const databases = ['messages', 'users', 'account'];
/** LevelDB's own files, without its lock and what it writes for people. */
const databaseFile = /^(?:CURRENT|MANIFEST-\d+|\d+\.(?:log|ldb))$/;
/** Tries to find a database between two of its compactions, and milliseconds between tries. */
const maxTries = 200;
const tryPause = 10;

/**
 * Takes the files of a station as they are, also while it runs and writes.
 *
 * Tables of LevelDB never change and its logs only grow, so second names for them, with their lengths, are a copy that
 * costs nothing: as after a power failure at that moment. A list of files that changed in the meantime is taken again.
 * @throws {StationError} `ERR_STATION_STORAGE`
 */
export async function takeSnapshot(data: string): Promise<Snapshot> {
  const folder = join(data, 'snapshot');
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
  // left over by a process that was killed
  await release();
  try {
    const files: SnapshotFile[] = [];
    for (const name of databases) {
      files.push(...(await takeDatabase(data, folder, `${name}/records`)));
      files.push(...(await takeFile(data, folder, `${name}/closed.json`)));
    }
    // its list of files is done before; whatever a message names was uploaded before that was sent
    for (const name of await listTree(data, 'files')) files.push(...(await takeFile(data, folder, name)));
    return { files, release };
  } catch (cause) {
    await release();
    throw new StationError('ERR_STATION_STORAGE', 'The backup could not be made; see the cause.', { cause });
  }
}

async function takeDatabase(data: string, folder: string, place: string): Promise<readonly SnapshotFile[]> {
  for (let tries = 0; tries < maxTries; tries++) {
    const before = await listDatabase(join(data, place));
    const taken: SnapshotFile[] = [];
    for (const [name, size] of before) {
      const [file] = await takeFile(data, folder, `${place}/${name}`);
      if (file !== undefined) taken.push({ ...file, size });
    }
    const after = await listDatabase(join(data, place));
    if (taken.length === before.size && isSame(before, after)) return taken;
    await rm(join(folder, place), { recursive: true, force: true });
    await setTimeout(tryPause);
  }
  throw new Error(`${place} does not stand still`);
}

/** Whether no table came or went: then every table of the list is what the manifest, of that length, says. */
function isSame(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  if (before.size !== after.size) return false;
  return [...before].every(([name, size]) => {
    const now = after.get(name);
    return name.endsWith('.log') ? now !== undefined : now === size;
  });
}

/** Logs in the order in which they were begun: a later one is never taken with more than the one before it. */
async function listDatabase(folder: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const name of (await listFolder(folder)).filter(name => databaseFile.test(name)).sort()) {
    const size = await sizeOf(join(folder, name));
    if (size !== undefined) sizes.set(name, size);
  }
  return sizes;
}

/** One file or, when it is gone, none. */
async function takeFile(data: string, folder: string, name: string): Promise<readonly SnapshotFile[]> {
  const path = join(folder, name);
  const source = join(data, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await link(source, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    // file systems without second names
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK' && code !== 'ENOSYS') throw error;
    await copyFile(source, path);
  }
  return [{ name, path, size: (await stat(path)).size }];
}

async function listTree(data: string, place: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, parentPath, isFile } of await readTree(join(data, place))) {
    const path = join(parentPath, name)
      .slice(data.length + 1)
      .replaceAll('\\', '/');
    if (isFile && !path.startsWith(`${place}/partial/`)) found.push(path);
  }
  return found;
}

async function readTree(
  folder: string,
): Promise<readonly { name: string; parentPath: string; isFile: boolean }[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.map(entry => ({
      name: entry.name,
      parentPath: entry.parentPath,
      isFile: entry.isFile(),
    }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
