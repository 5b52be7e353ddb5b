import type { SyncedDatabase } from '@dimp/store/synced';
import { StationError, StorageError } from './errors.js';
import type { KeptUsers } from './kept-users.js';
import { MessageBatch } from './message-batch.js';
import { totalKey } from './message-keys.js';
import { parseTotal } from './message-records.js';
import type { Usage } from './message-store.js';

/** Jobs in one batch at most: what they cost holds up everything else. */
const batchJobs = 512;
/** Bytes in one batch, about. */
const batchBytes = 4_194_304;
/** Milliseconds that what may wait waits for others to go to disk with. */
const longestWait = 200;

/** Something to be written. */
interface Job {
  /** Whether somebody waits for it. */
  readonly isUrgent: boolean;
  run(batch: MessageBatch): Promise<void>;
  done(): void;
  failed(error: StorageError): void;
}

/** A batch with those who wait for it. */
interface Entry {
  readonly batch: MessageBatch;
  readonly jobs: Job[];
  isUrgent: boolean;
}

/**
 * Does one job after the other, and writes what they change in synced batches. While a batch is being written, jobs are
 * done for the next; each resolves when its own is on disk.
 *
 * When a batch fails, its jobs and those of the next do, and nothing of them is kept. What comes then begins with what is
 * on disk.
 */
export class MessageWriter {
  readonly #database: SyncedDatabase;
  readonly #users: KeptUsers;
  readonly #report: (error: StationError) => void;
  #jobs: Job[] = [];
  /** To be written next. */
  #open: Entry | undefined;
  #writing: Entry | undefined;
  #written: Promise<void> = Promise.resolve();
  #worker: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #total: Usage;
  #isStale = false;

  constructor(
    database: SyncedDatabase,
    users: KeptUsers,
    total: Usage,
    report: (error: StationError) => void,
  ) {
    this.#database = database;
    this.#users = users;
    this.#total = total;
    this.#report = report;
  }

  /** What is on disk in all. */
  get total(): Usage {
    return this.#total;
  }

  /**
   * Resolves with the result of the work when what it changed is on disk.
   * @param work throws a `StationError`, before it has changed anything, when only itself is not to be done
   * @throws {StationError} that one, or `ERR_STATION_STORAGE`
   */
  run<T>(work: (batch: MessageBatch) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let outcome: () => void;
      this.#add({
        isUrgent: true,
        async run(batch) {
          try {
            const result = await work(batch);
            outcome = () => resolve(result);
          } catch (error) {
            if (!(error instanceof StationError)) throw error;
            outcome = () => reject(error);
          }
        },
        done: () => outcome(),
        failed: reject,
      });
    });
  }

  /** Does it in its turn. It goes to disk with what comes next, or soon; nobody waits for it, and it may be lost. */
  runLater(work: (batch: MessageBatch) => Promise<void>): void {
    this.#add({ isUrgent: false, run: work, done() {}, failed() {} });
  }

  /** Resolves when nothing is on its way to disk any more, whatever became of it. */
  async idle(): Promise<void> {
    for (;;) {
      await this.#worker;
      if (this.#open !== undefined && this.#writing === undefined) this.#write(this.#open);
      if (this.#writing === undefined) return;
      await this.#written;
    }
  }

  #add(job: Job): void {
    this.#jobs.push(job);
    this.#worker ??= this.#work();
  }

  async #work(): Promise<void> {
    // those who come at the same time come along
    await undefined;
    while (this.#jobs.length > 0) {
      if (this.#isStale) await this.#recover();
      else if (this.#open !== undefined && isFull(this.#open)) await this.#makeRoom(this.#open);
      else await this.#do(this.#jobs.shift() as Job);
    }
    this.#worker = undefined;
    this.#writeIfDue();
  }

  async #do(job: Job): Promise<void> {
    this.#open ??= {
      batch: new MessageBatch(this.#database, this.#users, () => this.#writing?.batch),
      jobs: [],
      isUrgent: false,
    };
    const entry = this.#open;
    entry.jobs.push(job);
    entry.isUrgent ||= job.isUrgent;
    try {
      await job.run(entry.batch);
    } catch (cause) {
      this.#fail(cause, [entry]);
    }
  }

  async #makeRoom(entry: Entry): Promise<void> {
    await this.#written;
    // it may have been dropped in the meantime
    if (this.#open === entry) this.#write(entry);
  }

  /** Only when no job is under way. */
  #writeIfDue(): void {
    const entry = this.#open;
    if (entry === undefined || this.#writing !== undefined) return;
    if (entry.isUrgent) this.#write(entry);
    else this.#timer ??= setTimeout(() => this.#hurry(), longestWait).unref();
  }

  #hurry(): void {
    this.#timer = undefined;
    if (this.#open === undefined) return;
    this.#open.isUrgent = true;
    if (this.#worker === undefined) this.#writeIfDue();
  }

  #write(entry: Entry): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#open = undefined;
    this.#writing = entry;
    this.#written = this.#finish(entry);
  }

  async #finish(entry: Entry): Promise<void> {
    try {
      const { operations, total } = entry.batch.finish(this.#total);
      if (operations.length > 0) await this.#database.write(operations);
      this.#total = total;
      this.#writing = undefined;
    } catch (cause) {
      this.#writing = undefined;
      // what was done for the next batch builds on this one
      this.#fail(cause, this.#open === undefined ? [entry] : [entry, this.#open]);
      return;
    }
    for (const job of entry.jobs) job.done();
    if (this.#worker === undefined) this.#writeIfDue();
  }

  /** Drops batches. The last of them is the open one, or none is open. */
  #fail(cause: unknown, entries: readonly Entry[]): void {
    const error = new StorageError('messages', { cause });
    this.#open = undefined;
    this.#isStale = true;
    this.#users.clear();
    this.#report(error);
    for (const entry of entries) for (const job of entry.jobs) job.failed(error);
  }

  /** What failed may have come to disk nevertheless, so everything is read again. */
  async #recover(): Promise<void> {
    await this.#written;
    try {
      // writing anything first makes the database good again
      await this.#database.write([]);
      // a job that was under way may have loaded something since
      this.#users.clear();
      this.#total = await readTotal(this.#database);
      this.#isStale = false;
    } catch (cause) {
      const error = new StorageError('messages', { cause });
      this.#report(error);
      for (const job of this.#jobs.splice(0)) job.failed(error);
    }
  }
}

function isFull({ batch, jobs }: Entry): boolean {
  return jobs.length >= batchJobs || batch.size >= batchBytes;
}

/** What is on disk in all. */
export async function readTotal(database: SyncedDatabase): Promise<Usage> {
  return parseTotal(await database.read(totalKey));
}
