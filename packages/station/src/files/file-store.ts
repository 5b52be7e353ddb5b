import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageError } from '../errors.js';
import { createFileName, isFileName } from './file-name.js';
import { blocksOf, type FileTotals } from './file-tally.js';
import { KeyedLock } from './keyed-lock.js';

/** What files are for: messages, which end some day, or the picture of a user. */
export type FileKind = 'file' | 'avatar';

/** A file on disk that nobody sees yet. */
export interface Draft {
  readonly path: string;
  /** In hex. */
  readonly md5: string;
  readonly bytes: number;
}

/** A file that was put where it is found. */
export interface Kept {
  readonly name: string;
  /** Whether the same was not there before. */
  readonly isNew: boolean;
}

const folders = { file: 'files', avatar: 'avatars' } as const;

/**
 * Files in a folder: `files/{address}/{md5}.{ending}`, avatars likewise in `avatars`, and what is being written in
 * `partial`, on the same file system, so that a file appears whole or not at all.
 *
 * Addresses and names are checked by who calls.
 */
export class FileStore {
  readonly #root: string;
  /** By folder: what is put there, counted and swept is so one after another. */
  readonly #locks = new KeyedLock();

  private constructor(root: string) {
    this.#root = root;
  }

  /** Opens a folder, made when it is not there. What a killed station left half written is removed. */
  static async open(root: string): Promise<FileStore> {
    await rm(join(root, 'partial'), { recursive: true, force: true });
    for (const name of ['partial', ...Object.values(folders)]) {
      await mkdir(join(root, name), { recursive: true, mode: 0o700 });
    }
    return new FileStore(root);
  }

  /**
   * Writes what comes, to the end, and onto the disk. When that fails nothing is left of it.
   * @throws {StorageError} the disk did not take it; what the source throws passes as it is
   */
  async write(source: AsyncIterable<Uint8Array>): Promise<Draft> {
    const path = join(this.#root, 'partial', randomUUID());
    const hash = createHash('md5');
    let bytes = 0;
    const file = await stored(open(path, 'wx', 0o600));
    try {
      try {
        for await (const chunk of source) {
          hash.update(chunk);
          bytes += chunk.length;
          // goes on where the last one ended, until all of it is written
          await stored(file.writeFile(chunk));
        }
        await stored(file.sync());
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, md5: hash.digest('hex'), bytes };
  }

  /** Puts a draft where it is found from then on, in place of the same from before. */
  async keep({ path, md5 }: Draft, kind: FileKind, address: string, ending: string): Promise<Kept> {
    const name = createFileName(md5, ending);
    const folder = this.#folder(kind, address);
    return await this.#locks.run(folder, async () => {
      await stored(makeFolder(folder));
      const isNew = (await statFile(join(folder, name))) === undefined;
      await stored(rename(path, join(folder, name)));
      await stored(syncFolder(folder));
      return { name, isNew };
    });
  }

  async discard({ path }: Draft): Promise<void> {
    await rm(path, { force: true });
  }

  /** The file, to be closed by the caller; undefined when it is not here. */
  async read(kind: FileKind, address: string, name: string): Promise<FileHandle | undefined> {
    return await unlessMissing(open(join(this.#folder(kind, address), name), 'r'));
  }

  /** Makes an avatar the one that is given for the ending. */
  async setAvatar(address: string, name: string, ending: string): Promise<void> {
    const draft = await this.write(one(Buffer.from(name)));
    const folder = this.#folder('avatar', address);
    await this.#locks.run(folder, async () => {
      await stored(rename(draft.path, join(folder, `current.${ending}`)));
      await stored(syncFolder(folder));
    });
  }

  /** The name of the avatar with this ending that was uploaded last. */
  async avatarName(address: string, ending: string): Promise<string | undefined> {
    const path = join(this.#folder('avatar', address), `current.${ending}`);
    const name = await unlessMissing(readFile(path, 'latin1'));
    return name !== undefined && isFileName(name) ? name : undefined;
  }

  /** What is kept of one user. */
  async count(kind: FileKind, address: string, measure: (bytes: number) => number): Promise<number> {
    const folder = this.#folder(kind, address);
    return await this.#locks.run(folder, async () => {
      let sum = 0;
      for await (const { path } of entries(folder)) sum += measure((await statFile(path))?.size ?? 0);
      return sum;
    });
  }

  /**
   * Removes files whose last upload is before a time, in seconds since 1970, and counts what stays.
   * @param removed told of each file that is gone
   */
  async sweep(before: number, removed: (address: string, bytes: number) => void): Promise<FileTotals> {
    let [files, bytes, blockBytes] = [0, 0, 0];
    for (const kind of ['file', 'avatar'] as const) {
      for await (const user of entries(join(this.#root, folders[kind]))) {
        await this.#locks.run(user.path, async () => {
          let stays = 0;
          for await (const { path, name } of entries(user.path)) {
            const state = isFileName(name) ? await statFile(path) : undefined;
            if (state === undefined) continue;
            if (kind === 'file' && state.mtimeMs < before * 1000) {
              await stored(rm(path, { force: true }));
              removed(user.name, state.size);
              continue;
            }
            stays++;
            bytes += state.size;
            blockBytes += blocksOf(state.size);
          }
          files += stays;
          if (stays === 0 && kind === 'file') await removeEmpty(user.path);
        });
      }
    }
    return { files, bytes, blockBytes };
  }

  #folder(kind: FileKind, address: string): string {
    return join(this.#root, folders[kind], address);
  }
}

/** What the disk does; its failure becomes one of ours. */
async function stored<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new StorageError('a file', { cause });
  }
}

async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(dirname(folder));
}

/** Puts names onto the disk. Windows has no such thing, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function statFile(
  path: string,
): Promise<{ readonly size: number; readonly mtimeMs: number } | undefined> {
  return await unlessMissing(stat(path));
}

async function* entries(folder: string): AsyncIterable<{ readonly path: string; readonly name: string }> {
  const directory = await unlessMissing(opendir(folder));
  if (directory === undefined) return;
  for await (const { name } of directory) yield { path: join(folder, name), name };
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // something that is none of ours lies there
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw new StorageError('a file', { cause: error });
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StorageError('a file', { cause });
  }
}

async function* one(data: Uint8Array): AsyncIterable<Uint8Array> {
  yield data;
}
