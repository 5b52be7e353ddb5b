import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isJsonObject, type JsonObject } from '@dimp/crypto';
import { makeFolder } from '@dimp/store/folder';
import { CliError } from './cli-error.js';
import { parseTarHeader, type TarEntry, tarBlock, tarPadding } from './tar.js';
import { backupFormat, inventoryName } from './write-backup.js';

/** What was found in a backup. */
export interface Restored {
  readonly files: number;
  /** When the backup was made, in seconds. */
  readonly time: number;
}

/** Bytes of the inventory: that of a million files. */
const maxInventory = 268_435_456;
/** Only such names are in a backup; none leads out of the folder. */
const goodName = /^(?:account|messages|users|files)(?:\/(?!\.)[\w.-]+)+$/;

/**
 * Makes the folder of a station from a backup. It is there whole, and as it was, or not at all.
 * @throws {CliError} the folder is not empty; the file is no backup, or is cut off or altered
 */
export async function restoreBackup(file: string, data: string): Promise<Restored> {
  await requireEmpty(data);
  const partial = `${data}.${randomUUID()}`;
  await makeFolder(partial);
  try {
    const restored = await extract(file, partial);
    await removeEmpty(data);
    await rename(partial, data);
    return restored;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function extract(file: string, folder: string): Promise<Restored> {
  const source = new Source(createReadStream(file));
  const found = new Map<string, string>();
  try {
    for (;;) {
      const entry = readHeader(await source.take(tarBlock));
      if (entry.name === inventoryName) {
        if (entry.size > maxInventory) throw damaged();
        return checkInventory(await source.take(entry.size), found);
      }
      if (!goodName.test(entry.name) || found.has(entry.name)) throw damaged();
      found.set(entry.name, await extractFile(source, entry, join(folder, entry.name)));
      await source.take(tarPadding(entry.size));
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
      throw new CliError(`${file} cannot be read (${code}).`, 1, { cause });
    }
    throw cause;
  } finally {
    source.close();
  }
}

function readHeader(block: Uint8Array): TarEntry {
  let entry: TarEntry | undefined;
  try {
    entry = parseTarHeader(block);
  } catch (cause) {
    throw damaged(cause);
  }
  if (entry === undefined) throw damaged();
  return entry;
}

/** @returns size and digest, as in the inventory */
async function extractFile(source: Source, { size }: TarEntry, path: string): Promise<string> {
  await makeFolder(dirname(path));
  const handle = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    for await (const chunk of source.read(size)) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
    return `${size} ${hash.digest('hex')}`;
  } finally {
    await handle.close();
  }
}

function checkInventory(bytes: Uint8Array, found: ReadonlyMap<string, string>): Restored {
  const { format, time, files } = parseInventory(bytes);
  if (format !== backupFormat) {
    throw new CliError(
      `The backup has format ${JSON.stringify(format)}; this version knows ${backupFormat}.`,
    );
  }
  if (!isJsonObject(files) || typeof time !== 'number') throw damaged();
  const listed = Object.entries(files);
  const isWhole = listed.every(([name, state]) => {
    if (!isJsonObject(state)) return false;
    return found.get(name) === `${state['size']} ${state['sha256']}`;
  });
  if (!isWhole || listed.length !== found.size) throw damaged();
  return { files: found.size, time };
}

function parseInventory(bytes: Uint8Array): JsonObject {
  try {
    // not bounded by the limits of messages: there may be a million files
    const inventory: unknown = JSON.parse(Buffer.from(bytes).toString());
    if (isJsonObject(inventory)) return inventory;
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged();
}

function damaged(cause?: unknown): CliError {
  return new CliError('The file is no backup of a station, or was cut off or altered.', 1, { cause });
}

async function requireEmpty(data: string): Promise<void> {
  if ((await list(data)).length === 0) return;
  throw new CliError(`${data} is not empty; restore into a new folder, named with --data.`);
}

async function removeEmpty(data: string): Promise<void> {
  try {
    await rmdir(data);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A stream that gives as many bytes as are wanted. */
class Source {
  readonly #stream: ReturnType<typeof createReadStream>;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: ReturnType<typeof createReadStream>) {
    this.#stream = stream;
    this.#chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  async *read(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) throw damaged();
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this.read(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  close(): void {
    this.#stream.destroy();
  }
}
