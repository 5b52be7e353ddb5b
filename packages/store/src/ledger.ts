import { type Awaitable, whenReady } from '@dimp/mkm';
import type { DatabaseRange, Sharing } from './database.js';
import type { Disk } from './disk.js';
import { bytesOf, type RecordValue } from './draft.js';
import type { StoreError } from './errors.js';
import { type Group, RecentDrafts, sealGroup } from './group.js';
import { GroupWriter } from './group-writer.js';
import { type Changes, changesIn, Layer, withChanges } from './layer.js';
import { readRange, readRecord } from './read-records.js';
import type { RecordKey } from './record-key.js';
import type { Reads, RecordEntry, Records, Scope } from './records.js';
import type { Sealer } from './sealer.js';
import { spaceOf } from './spaces.js';
import { TaskLine } from './task-line.js';
import { type Merged, Unit, type UnitHost } from './unit.js';

/**
 * How many changes one batch is for: then it is written, or the next unit waits for the batch that is being written. So
 * the processor goes on with one batch while the disk is busy with another.
 */
const fullGroup = 128;

/**
 * Stands between the parts of a store and its disk: what is read shows what was written at once; what is written
 * is sealed and goes to disk in synced batches.
 *
 * - `change` is one operation: it resolves when it is on disk.
 * - `unit` is several that are saved together or not at all.
 * - While a batch is being written, what comes in the meantime gathers for the next one. So a burst of a hundred
 *   operations costs two or three syncs, and each of them still resolves only after its own.
 * - When a batch fails, it and all that gathered behind it is dropped: it shows no more, everybody who waits for it
 *   and every unit that is open hears of it, and what begins later starts from what is on disk.
 */
export class Ledger implements Scope, UnitHost {
  readonly isUnit = false;
  readonly #disk: Disk;
  readonly #sealer: Sealer;
  readonly #writer: GroupWriter<Group>;
  readonly #recent = new RecentDrafts();
  readonly #tasks = new TaskLine();
  /** Goes up when writing fails, so that a unit can tell whether it did since its beginning. */
  #failures = 0;
  #failure: StoreError | undefined;
  readonly #listeners: (() => void)[] = [];

  constructor(disk: Disk, sealer: Sealer) {
    this.#disk = disk;
    this.#sealer = sealer;
    this.#writer = new GroupWriter<Group>({
      create: () => new Map(),
      isFull: group => group.size >= fullGroup,
      write: group => this.#write(group),
      dropped: error => this.#drop(error),
    });
    this.onStale(() => this.#recent.clear());
  }

  async get(key: RecordKey): Promise<Uint8Array | undefined> {
    const value = await this.find(key);
    return value && bytesOf(value);
  }

  find(key: RecordKey): Awaitable<RecordValue | undefined> {
    const change = this.#writer.gathering?.get(key.text) ?? this.#writer.writing?.get(key.text);
    if (change !== undefined) return change.value;
    return this.#recent.get(key.text) ?? readRecord(this.#disk, this.#sealer, key);
  }

  list(range: DatabaseRange): Promise<readonly RecordEntry[]> {
    return this.listUnder(range, []);
  }

  async listUnder(range: DatabaseRange, upper: readonly Changes[]): Promise<readonly RecordEntry[]> {
    const layers = [...upper, this.#writer.gathering, this.#writer.writing].flatMap(layer => layer ?? []);
    const changes = changesIn(range, layers);
    const { limit } = range;
    // a stored record may be removed or replaced, so as many more are asked for as there are changes
    const wanted = limit === undefined ? range : { ...range, limit: limit + changes.size };
    const stored = await readRange(this.#disk, this.#sealer, wanted);
    return withChanges(range, stored, changes);
  }

  change<T>(work: (records: Records) => Awaitable<T>): Promise<T> {
    return this.changePlain(work);
  }

  atEnd(work: (records: Records, below: Reads) => Awaitable<void>): Promise<void> {
    return this.changePlain(records => work(records, this));
  }

  /** As `change`, with records that can hold what is not to be sealed. */
  async changePlain<T>(work: (records: Layer) => Awaitable<T>): Promise<T> {
    const { result, merged } = await this.exclusive(() =>
      whenReady(this.#makeWhole(), () => {
        const begun = this.#failures;
        const layer = new Layer(this);
        return whenReady(work(layer), result => ({ result, merged: this.accept(layer.changes, begun) }));
      }),
    );
    await merged.durable;
    return result;
  }

  /**
   * Runs work whose changes are saved together, and resolves with its result when they are on disk. When the work
   * throws nothing is saved. Units may run side by side, and one inside another is one of its own.
   *
   * @example
   * await ledger.unit(async unit => {
   *   unit.put(keys.key('message key', from, to), value)
   *   await unit.atEnd(async records => records.put(counter, next(await records.get(counter))))
   * })
   * @throws {StoreError} `ERR_STORE_FULL`, `ERR_STORE_WRITE`: nothing was saved
   */
  async unit<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    const unit = await this.begin();
    const result = await work(unit);
    const { durable } = await unit.merge();
    await durable;
    return result;
  }

  /**
   * A unit to be ended by `merge`, for those who go on with something else while it is being written. One that is
   * not merged leaves no trace.
   */
  begin(): Awaitable<Unit> {
    // when it is this one's turn, others may have recovered before
    const whole = this.#disk.isBroken ? this.exclusive(() => this.#makeWhole()) : undefined;
    return whenReady(whole, () => new Unit(this, this.#failures));
  }

  /** Calls the listener when what was merged is not there any more, since writing it failed. */
  onDropped(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Calls the listener when what somebody remembers of his reading may be true no more: a batch was dropped, or another
   * tab had its turn.
   */
  onStale(listener: () => void): void {
    this.onDropped(listener);
    this.#disk.sharing?.onTurn(listener);
  }

  /** Resolves when everything that was merged before is on disk. @throws {StoreError} when it is not */
  commit(): Promise<void> {
    return this.#writer.commit();
  }

  /** Resolves when nothing that was begun is on its way to disk any more, whatever became of it. */
  async idle(): Promise<void> {
    await this.#tasks.busy;
    await this.#writer.idle();
  }

  exclusive<T>(task: () => Awaitable<T>): Awaitable<T> {
    const { sharing } = this.#disk;
    return this.#tasks.run(() => (sharing === undefined ? this.#inOrder(task) : this.#inTurn(sharing, task)));
  }

  accept(changes: Changes, begun: number): Merged {
    if (begun !== this.#failures) throw this.#failure as StoreError;
    if (changes.size === 0) {
      // what was looked at may not be on disk yet, so that it was there is told only when it is
      const durable = this.commit();
      // nobody has to wait for it; whoever waits hears all the same
      durable.catch(() => undefined);
      return { durable };
    }
    const durable = this.#writer.add(group => {
      for (const change of changes.values()) group.set(change.key.text, change);
    });
    return { durable };
  }

  #inOrder<T>(task: () => Awaitable<T>): Awaitable<T> {
    return whenReady(this.#writer.room(), task);
  }

  /** What others read when it is their turn must be on disk, so the turn ends when everything is. */
  async #inTurn<T>(sharing: Sharing, task: () => Awaitable<T>): Promise<T> {
    await sharing.take();
    try {
      return await this.#inOrder(task);
    } finally {
      void this.#writer.idle().then(() => sharing.give());
    }
  }

  async #write(group: Group): Promise<void> {
    await this.#disk.write(await sealGroup(group, this.#sealer));
    this.#told(group);
  }

  /** A group is on disk. What others may change is not remembered; they may remember what was changed here. */
  #told(group: Group): void {
    const { sharing } = this.#disk;
    if (sharing === undefined) {
      this.#recent.note(group);
      return;
    }
    const changed = [...group.values()].filter(({ key }) => spaceOf(key.bytes) === 'profile');
    if (changed.length > 0) sharing.tell(changed.map(({ key }) => key.bytes));
  }

  #drop(error: StoreError): void {
    this.#failures++;
    this.#failure = error;
    for (const listener of this.#listeners) listener();
  }

  /** Makes writing possible again when the last one failed. */
  #makeWhole(): Awaitable<void> {
    if (!this.#disk.isBroken) return;
    return this.#disk.recover().then(() => {
      // what failed may have come to disk nevertheless, so whoever looked before has to look again
      this.#failures++;
    });
  }
}
