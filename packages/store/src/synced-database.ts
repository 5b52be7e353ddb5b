/**
 * Any abstract-level database with grouped syncs, for programs that keep records of their own: what a store stands on.
 * @packageDocumentation
 */
import type { Awaitable } from '@dimp/mkm';
import type { DatabaseOperation, DatabaseRange, OpenedDatabase } from './database.js';
import { Disk } from './disk.js';
import { GroupWriter } from './group-writer.js';

export type {
  BytesEncoding,
  Database,
  DatabaseIterator,
  DatabaseOperation,
  DatabaseRange,
  OpenedDatabase,
} from './database.js';
export { StoreError, StoreErrorCode } from './errors.js';

/**
 * A database whose writes are on disk when they resolve, many of them in one sync.
 *
 * Each `write` is atomic, and goes to disk in the order of the calls. Those that come while a batch is being synced go
 * into the next one together. When a batch fails, all that are in it and all that gathered behind it reject and nothing
 * of them is written any more; the next `write` makes the database good again first, by closing and opening it where it
 * came from a folder.
 *
 * @example
 * const database = new SyncedDatabase(await openFolder('/var/lib/station/messages'))
 * await database.write([{ type: 'put', key, value }])
 * for await (const page of database.scan({ gte, lt })) for (const [key, value] of page) deliver(key, value)
 */
export class SyncedDatabase {
  readonly #disk: Disk;
  readonly #writer: GroupWriter<DatabaseOperation[]>;

  /** @param opened an open database, `{ database }`, or what `openFolder` gives */
  constructor(opened: OpenedDatabase) {
    this.#disk = new Disk(opened);
    this.#writer = new GroupWriter<DatabaseOperation[]>({
      create: () => [],
      write: async operations => {
        await this.#disk.recover();
        await this.#disk.write(operations);
      },
    });
  }

  /** How many operations were handed in and are not on disk. Whoever takes in from others stops when they are too many. */
  get pending(): number {
    return (this.#writer.gathering?.length ?? 0) + (this.#writer.writing?.length ?? 0);
  }

  /**
   * Writes everything or nothing; resolves when it is on disk. The bytes are not to be changed before that.
   * @throws {StoreError} `ERR_STORE_FULL`, `ERR_STORE_WRITE`, `ERR_STORE_CLOSED`: nothing of it was saved
   */
  async write(operations: readonly DatabaseOperation[]): Promise<void> {
    await this.#writer.add(group => {
      for (const operation of operations) group.push(operation);
    });
  }

  /** What is on disk; a write that did not resolve may show or not. @throws {StoreError} `ERR_STORE_CORRUPT` */
  read(key: Uint8Array): Awaitable<Uint8Array | undefined> {
    return this.#disk.read(key);
  }

  /** The records of a range that are on disk, in order, in pages of up to 1000. @throws {StoreError} `ERR_STORE_CORRUPT` */
  scan(range: DatabaseRange): AsyncGenerator<readonly (readonly [Uint8Array, Uint8Array])[]> {
    return this.#disk.scan(range);
  }

  /** Resolves when nothing is on its way to disk any more, whatever became of it. */
  idle(): Promise<void> {
    return this.#writer.idle();
  }

  /** Waits for what is on its way, and closes the database. Whatever comes later is refused. */
  async close(): Promise<void> {
    await this.#writer.idle();
    await this.#disk.close();
  }
}
