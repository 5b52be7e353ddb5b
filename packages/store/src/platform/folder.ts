import { chmod, mkdir, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { bytesEncoding, type OpenedDatabase } from '../database.js';
import { asReadError, asWriteError, describe, LockedError, StoreError } from '../errors.js';
import { forgetHolder, readHolder, writeHolder } from './holder.js';
import { checkInventory, forgetInventory, readManifest, writeInventory } from './inventory.js';

/** Bytes beside those of the log that opening a database takes. */
const spareRoom = 1_048_576;

/**
 * Opens LevelDB in a folder that only its owner can enter. In it lie the database, `records`, and `holder.json`
 * with the name of the process that has it open; `closed.json` tells what there was when it was closed in order.
 */
export async function openFolder(path: string): Promise<OpenedDatabase> {
  const location = await prepareFolder(path);
  await checkInventory(location);
  // sealed records do not compress
  const database = new ClassicLevel<Uint8Array, Uint8Array>(join(location, 'records'), {
    compression: false,
  });
  // the lock is still held then
  database.on('closing', () => forgetHolder(location));
  let manifest: string | undefined;
  const take = async (): Promise<void> => {
    await openLevel(database, location);
    [manifest] = await Promise.all([
      readManifest(location),
      forgetInventory(location),
      writeHolder(location),
    ]);
  };
  try {
    await take();
  } catch (error) {
    // why it cannot be taken says more than why it does not close
    await database.close().catch(() => undefined);
    throw asWriteError(error);
  }
  return {
    database,
    async reopen() {
      await checkRoom(location);
      await database.close();
      await take();
    },
    purge: ({ gte, lt }) => database.compactRange(gte, lt, bytesEncoding),
    release: () => writeInventory(location, manifest),
  };
}

/** LevelDB's own repair: it keeps every table and log that can be read. */
export async function repairFolder(path: string): Promise<string> {
  const folder = await findRecords(path);
  try {
    await checkUnlocked(folder);
    await ClassicLevel.repair(folder);
    await forgetInventory(dirname(folder));
  } catch (error) {
    throw await openingError(error, dirname(folder));
  }
  return `The files of ${folder} were read again and put together; what could not be read lies in its folder "lost".`;
}

/** The database of a folder, by its one true path. @throws {StoreError} there is none */
async function findRecords(location: string): Promise<string> {
  try {
    const folder = join(await realpath(location), 'records');
    await stat(folder);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw asReadError(error);
    const text = `There is no store at ${location}; look at the path.`;
    throw new StoreError('ERR_STORE_CORRUPT', text, { cause: error });
  }
}

/** The repair takes no lock, and would destroy a database that is in use; opening takes it before anything else. */
async function checkUnlocked(folder: string): Promise<void> {
  const database = new ClassicLevel(folder, { createIfMissing: false });
  try {
    await database.open();
    await database.close();
  } catch (error) {
    // that it does not open is why it is to be repaired
    if (isLocked(error)) throw error;
  }
}

/**
 * Makes the folder. Resolves with its one true path: LevelDB tells by the path whether this process has it open already,
 * and the program may go elsewhere.
 */
async function prepareFolder(location: string): Promise<string> {
  try {
    await makeFolder(location);
    // it may have been there before
    const [path] = await Promise.all([realpath(location), chmod(location, 0o700)]);
    return path;
  } catch (error) {
    const cause = asWriteError(error);
    if (cause.code !== 'ERR_STORE_WRITE') throw cause;
    const text = `The folder ${location} could not be made or opened; see the cause.`;
    throw new StoreError('ERR_STORE_WRITE', text, { cause: error });
  }
}

/**
 * Makes a folder, and those above it, for the owner only; one that is there is left as it is. Level by level, as Node's
 * own way never ends where a folder takes no others, such as `/proc`.
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // the caller has an error that says more
    return false;
  }
}

async function openLevel(database: ClassicLevel<Uint8Array, Uint8Array>, location: string): Promise<void> {
  try {
    await database.open();
  } catch (error) {
    throw await openingError(error, location);
  }
}

async function openingError(error: unknown, location: string): Promise<StoreError> {
  if (isLocked(error)) return new LockedError(location, await readHolder(location), { cause: error });
  const written = asWriteError(error);
  return written.code === 'ERR_STORE_FULL' ? written : asReadError(error);
}

/**
 * Opening writes what is in the log into a table, so that much must fit beside it. Tried with a file, as a database that
 * was closed and does not open again could not even be read.
 * @throws {StoreError} when it does not fit
 */
async function checkRoom(location: string): Promise<void> {
  const path = join(location, 'room');
  try {
    const bytes = await logBytes(join(location, 'records'));
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(new Uint8Array(bytes + spareRoom));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asWriteError(error);
  } finally {
    await rm(path, { force: true });
  }
}

async function logBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.log'));
  const files = await Promise.all(names.map(name => stat(join(folder, name))));
  return files.reduce((sum, { size }) => sum + size, 0);
}

function isLocked(error: unknown): boolean {
  return describe(error).includes('LEVEL_LOCKED');
}
