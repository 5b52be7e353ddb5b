import type { SyncedDatabase } from '@dimp/store/synced';
import { StationError, StorageError } from './errors.js';
import { MessageBatch, type Waiter } from './message-batch.js';
import type { MessageState } from './message-state.js';
import { Settlement } from './settlement.js';

/** Milliseconds that what may wait waits for others to go to disk with, and that the journal keeps what came in. */
const longestWait = 500;
/** Bytes of the journal above which its older half is settled at once: reading it is part of every start. */
const mostJournalBytes = 16_777_216;

/** Something to be written. */
interface Job {
  run(batch: MessageBatch): Promise<void>;
  failed(error: StorageError): void;
}

/** What the writer is told beside the state. */
export interface MessageWriterOptions {
  /** What came before this time need not be told from what comes, in seconds. */
  readonly retainedFrom: () => number;
  /** Hears of each batch that was not saved. */
  readonly report: (error: StationError) => void;
}

/**
 * Writes changes in synced batches. While one is being written, changes gather for the next; whoever waits for one
 * hears when it is on disk. Changes that must be thought over are jobs, which are done one after the other.
 *
 * When a batch fails, so do all that wait for it and for the next, and nothing of them is kept. What comes then begins
 * with what is on disk.
 */
export class MessageWriter {
  readonly #database: SyncedDatabase;
  readonly #state: MessageState;
  readonly #options: MessageWriterOptions;
  #jobs: Job[] = [];
  /** To be written next. */
  #open: MessageBatch | undefined;
  #writing: MessageBatch | undefined;
  #written: Promise<void> = Promise.resolve();
  #worker: Promise<void> | undefined;
  #settlement: Settlement | undefined;
  #isScheduled = false;
  #timer: NodeJS.Timeout | undefined;
  /** What is remembered is not what is on disk, and the database has to be made good. */
  #isStale = false;
  /** What is on disk was read since. */
  #isReadAgain = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(database: SyncedDatabase, state: MessageState, options: MessageWriterOptions) {
    this.#database = database;
    this.#state = state;
    this.#options = options;
  }

  /** Whether changes may be made at once, in `batch`. If not, there are others before them: `run` does them in turn. */
  get isReady(): boolean {
    return this.#worker === undefined && !this.#isStale && this.#open?.isFull !== true;
  }

  /** Whether a batch has failed, and what is on disk is to be read again before anything is changed. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** The batch that takes changes. */
  get batch(): MessageBatch {
    this.#open ??= new MessageBatch(this.#database, this.#state, () => this.#writing);
    return this.#open;
  }

  /** Resolves when what is in the batch that takes changes is on disk. @throws {StationError} `ERR_STATION_STORAGE` */
  saved<T>(result: T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#wait({ resolve: resolve as Waiter['resolve'], reject, result });
    });
  }

  /** Something was changed that nobody waits for. */
  changed(): void {
    this.#timer ??= setTimeout(() => this.#hurry(), longestWait).unref();
  }

  /**
   * Does a job in its turn; resolves with its result when what it changed is on disk.
   * @param work throws a `StationError`, before it has changed anything, when only itself is not to be done
   * @throws {StationError} that one, or `ERR_STATION_STORAGE`
   */
  run<T>(work: (batch: MessageBatch) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#add({
        run: async batch => {
          try {
            const result = await work(batch);
            this.#wait({ resolve: resolve as Waiter['resolve'], reject, result });
          } catch (error) {
            if (!(error instanceof StationError)) throw error;
            this.#wait({ resolve: () => reject(error), reject, result: undefined });
          }
        },
        failed: reject,
      });
    });
  }

  /** Does a job in its turn. It goes to disk with what comes next, or soon; nobody waits for it, and it may be lost. */
  runLater(work: (batch: MessageBatch) => Promise<void>): void {
    this.#add({
      run: async batch => {
        await work(batch);
        this.changed();
      },
      failed() {},
    });
  }

  /**
   * Resolves when what is remembered is what is on disk: after a failure, reading may still be possible where writing is
   * not.
   * @throws {StoreError} it cannot be read
   */
  async ready(): Promise<void> {
    if (!this.#isStale || this.#isReadAgain) return;
    await this.#inTurn(async () => {
      if (!this.#isStale || this.#isReadAgain) return;
      await this.#written;
      await this.#readAgain();
    });
  }

  /** Resolves when all that the journal has now is where it is to stay, or nothing can be written. */
  async settle(): Promise<void> {
    await this.#worker;
    await this.#written;
    const last = this.#state.journals.at(-1)?.number;
    // one that is under way is for less
    while (this.#settlement !== undefined) await this.#step();
    if (this.#isStale) return;
    this.#settle(last);
    while (this.#settlement !== undefined) await this.#step();
    await this.#written;
  }

  /** Resolves when nothing is on its way to disk any more, whatever became of it, and the journal is empty. */
  async idle(): Promise<void> {
    for (;;) {
      await this.#worker;
      await this.#written;
      if (this.#worker !== undefined || this.#writing !== undefined) continue;
      if (this.#isStale || !this.#isBehind()) return;
      this.#settle(this.#state.journals.at(-1)?.number);
      this.#write();
    }
  }

  #wait(waiter: Waiter): void {
    this.batch.waiters.push(waiter);
    this.#schedule();
  }

  #add(job: Job): void {
    this.#jobs.push(job);
    this.#worker ??= this.#work();
  }

  async #work(): Promise<void> {
    // those who come at the same time come along
    await undefined;
    while (this.#jobs.length > 0) {
      if (this.#isStale) await this.#recoverOrFail();
      else if (this.#open?.isFull === true) await this.#makeRoom();
      else await this.#do(this.#jobs.shift() as Job);
    }
    this.#worker = undefined;
    this.#schedule();
  }

  async #do(job: Job): Promise<void> {
    try {
      await job.run(this.batch);
    } catch (cause) {
      job.failed(this.#fail(cause));
    }
  }

  async #makeRoom(): Promise<void> {
    await this.#written;
    if (this.#writing === undefined && this.#open?.isFull === true) this.#write();
  }

  /** Writes when all that came from the network in one go is there. */
  #schedule(): void {
    if (this.#isScheduled || this.#writing !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#writeIfDue();
    });
  }

  /** Only when no job is under way. */
  #writeIfDue(): void {
    if (this.#writing !== undefined || this.#worker !== undefined || this.#isStale) return;
    if (this.#settlement !== undefined || (this.#open !== undefined && this.#open.waiters.length > 0)) {
      this.#write();
    }
  }

  /** What waited for long enough goes to disk. */
  #hurry(): void {
    this.#timer = undefined;
    if (this.#isStale) return;
    const now = performance.now();
    this.#settle(this.#state.journals.findLast(({ time }) => now - time >= longestWait / 2)?.number);
    this.#writeIfDue();
  }

  /** Has the next batch written, unless a job is under way, and waits for the one that is being written. */
  async #step(): Promise<void> {
    await this.#worker;
    this.#writeIfDue();
    await this.#written;
  }

  #settle(last = 0): void {
    this.#settlement ??= new Settlement(this.#state, last);
  }

  /** Whether there is anything that is not where it is to be in the end. */
  #isBehind(): boolean {
    const { dirty, journals } = this.#state;
    return (
      dirty.size > 0 || journals.length > 0 || this.#open?.isEmpty === false || this.#settlement !== undefined
    );
  }

  #write(): void {
    const batch = this.batch;
    this.#open = undefined;
    this.#settlement?.step(batch, this.#options.retainedFrom());
    if (this.#settlement?.isOver === true) this.#settlement = undefined;
    this.#writing = batch;
    this.#written = this.#finish(batch);
  }

  async #finish(batch: MessageBatch): Promise<void> {
    try {
      const operations = batch.finish();
      if (operations.length > 0) await this.#database.write(operations);
    } catch (cause) {
      this.#writing = undefined;
      // what was changed for the next batch builds on this one
      this.#fail(cause, batch);
      return;
    }
    this.#writing = undefined;
    const { journals, journalBytes } = this.#state;
    if (journalBytes > mostJournalBytes) this.#settle(journals[journals.length >> 1]?.number);
    batch.apply();
    // the disk is to be busy while those who waited are told
    this.#writeIfDue();
    for (const { resolve, result } of batch.waiters) resolve(result);
    if (this.#isBehind()) this.changed();
  }

  /** Drops what is to be written, and a batch that was not. */
  #fail(cause: unknown, ...batches: readonly MessageBatch[]): StorageError {
    const error = new StorageError('messages', { cause });
    const dropped = this.#open === undefined ? batches : [...batches, this.#open];
    this.#open = undefined;
    this.#settlement = undefined;
    this.#isStale = true;
    this.#isReadAgain = false;
    this.#options.report(error);
    for (const { waiters } of dropped) for (const { reject } of waiters) reject(error);
    return error;
  }

  async #recoverOrFail(): Promise<void> {
    try {
      await this.#inTurn(() => this.#recover());
    } catch (cause) {
      const error = new StorageError('messages', { cause });
      this.#options.report(error);
      for (const job of this.#jobs.splice(0)) job.failed(error);
    }
  }

  async #recover(): Promise<void> {
    await this.#written;
    // writing anything first makes the database good again
    await this.#database.write([]);
    await this.#readAgain();
    this.#isStale = false;
  }

  /** What failed may have come to disk nevertheless. */
  async #readAgain(): Promise<void> {
    this.#isReadAgain = false;
    await this.#state.reload();
    this.#isReadAgain = true;
  }

  async #inTurn(read: () => Promise<void>): Promise<void> {
    const turn = this.#reading.then(read);
    this.#reading = turn.catch(() => undefined);
    await turn;
  }
}
