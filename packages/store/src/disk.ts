import type { Awaitable } from '@dimp/mkm';
import {
  bytesEncoding,
  type DatabaseOperation,
  type DatabaseRange,
  type OpenedDatabase,
  type Persistence,
  type Sharing,
} from './database.js';
import { asReadError, asWriteError, describe, StoreError } from './errors.js';
import { rangeBehind } from './range.js';

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
  /** How often opening again was begun: what was being read meanwhile is read again. */
  #reopenings = 0;
  /** Why it does not open again. */
  #failure: StoreError | undefined;

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
        this.#judge(error, this.#reopenings);
      }
    }
    return this.#readLater(key);
  }

  async #readLater(key: Uint8Array): Promise<Uint8Array | undefined> {
    for (;;) {
      while (this.#reopening !== undefined) await this.#reopened();
      const opening = this.#reopenings;
      try {
        return await this.#opened.database.get(key, bytesEncoding);
      } catch (error) {
        this.#judge(error, opening);
      }
    }
  }

  /**
   * The records of a range, in pages. It goes on behind the last page when the database was opened again in between,
   * and shows then what was written since.
   */
  async *scan(range: DatabaseRange): AsyncGenerator<readonly (readonly [Uint8Array, Uint8Array])[]> {
    this.#check();
    let rest: DatabaseRange | undefined = range;
    while (rest !== undefined) {
      while (this.#reopening !== undefined) await this.#reopened();
      const opening = this.#reopenings;
      try {
        const iterator = this.#opened.database.iterator({ ...rest, ...bytesEncoding });
        try {
          while (rest !== undefined) {
            const page: readonly (readonly [Uint8Array, Uint8Array])[] = await iterator.nextv(
              Math.min(pageSize, rest.limit ?? pageSize),
            );
            rest = rangeBehind(rest, page);
            if (page.length > 0) yield page;
          }
        } finally {
          await iterator.close();
        }
      } catch (error) {
        this.#judge(error, opening);
      }
    }
  }

  /** Resolves when the database was opened again, or not. To be asked for in a loop: the next one may have begun. */
  async #reopened(): Promise<void> {
    // whoever writes hears why it did not open; reading goes on where it was not closed
    await this.#reopening?.catch(() => undefined);
  }

  /** Returns when a read failed only because the database is opened again. @throws {StoreError} otherwise */
  #judge(error: unknown, opening: number): void {
    this.#check();
    if (opening !== this.#reopenings) return;
    const isShut = describe(error).includes('LEVEL_DATABASE_NOT_OPEN');
    throw (isShut ? this.#failure : undefined) ?? asReadError(error);
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
    this.#reopening ??= this.#reopen();
    await this.#reopening;
  }

  async #reopen(): Promise<void> {
    this.#reopenings++;
    try {
      await this.#opened.reopen?.();
      this.#isBroken = false;
      this.#failure = undefined;
    } catch (error) {
      this.#failure = asWriteError(error);
      throw this.#failure;
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
