import type { Awaitable } from '@dimp/mkm';
import {
  bytesEncoding,
  type DatabaseOperation,
  type DatabaseRange,
  type OpenedDatabase,
  type Persistence,
  type Sharing,
} from './database.js';
import { asReadError, asWriteError, StoreError } from './errors.js';

/** How many records are asked for at once. */
const pageSize = 1000;

/**
 * A database with its errors told apart, and with what is to be done after a write that failed.
 *
 * LevelDB may leave half a record in its log when the disk is full, and what is written behind it can be lost at the
 * next start. So after a failure nothing is written before the database was closed and opened again.
 */
export class Disk {
  readonly #opened: OpenedDatabase;
  readonly #getsAtOnce: boolean;
  #isBroken = false;
  #isClosed = false;
  #reopening: Promise<void> | undefined;

  constructor(opened: OpenedDatabase) {
    this.#opened = opened;
    const { getSync } = opened.database.supports as { readonly getSync?: unknown };
    this.#getsAtOnce = getSync === true;
  }

  /** @see Database.sharing */
  get sharing(): Sharing | undefined {
    return this.#opened.database.sharing;
  }

  /** @see OpenedDatabase.persistence */
  get persistence(): Promise<Persistence> {
    return this.#opened.persistence ?? Promise.resolve('persistent');
  }

  /** Whether the last write failed and `recover` was not done since. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** At once where the database can, since a hop to another thread costs more than the reading. */
  read(key: Uint8Array): Awaitable<Uint8Array | undefined> {
    this.#check();
    if (this.#getsAtOnce && this.#reopening === undefined) {
      try {
        return this.#opened.database.getSync(key, bytesEncoding);
      } catch (error) {
        throw asReadError(error);
      }
    }
    return this.#readLater(key);
  }

  async #readLater(key: Uint8Array): Promise<Uint8Array | undefined> {
    await this.#reopening;
    try {
      return await this.#opened.database.get(key, bytesEncoding);
    } catch (error) {
      throw asReadError(error);
    }
  }

  /** The records of a range, in pages. */
  async *scan(range: DatabaseRange): AsyncGenerator<readonly (readonly [Uint8Array, Uint8Array])[]> {
    this.#check();
    await this.#reopening;
    try {
      const iterator = this.#opened.database.iterator({ ...range, ...bytesEncoding });
      try {
        for (;;) {
          const page = await iterator.nextv(Math.min(pageSize, range.limit ?? pageSize));
          if (page.length === 0) return;
          yield page;
        }
      } finally {
        await iterator.close();
      }
    } catch (error) {
      throw asReadError(error);
    }
  }

  /** Writes everything or nothing; resolves when it is on disk. @throws {StoreError} */
  async write(operations: DatabaseOperation[]): Promise<void> {
    this.#check();
    if (this.#isBroken)
      throw new StoreError('ERR_STORE_WRITE', 'Nothing was saved: an earlier write failed.');
    try {
      await this.#opened.database.batch(operations, { ...bytesEncoding, sync: true });
    } catch (error) {
      this.#isBroken = true;
      throw asWriteError(error);
    }
  }

  /**
   * Makes writing possible again after a failure.
   * @throws {StoreError} when there is still no room; reading goes on meanwhile
   */
  async recover(): Promise<void> {
    this.#check();
    if (!this.#isBroken) return;
    try {
      this.#reopening ??= this.#opened.reopen?.();
      await this.#reopening;
      this.#isBroken = false;
    } catch (error) {
      throw asWriteError(error);
    } finally {
      this.#reopening = undefined;
    }
  }

  /** @see OpenedDatabase.purge */
  async purge(range: DatabaseRange): Promise<void> {
    await this.#opened.purge?.(range);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#opened.database.close();
    await this.#opened.release?.();
  }

  #check(): void {
    if (this.#isClosed) throw new StoreError('ERR_STORE_CLOSED', 'The store was closed.');
  }
}
