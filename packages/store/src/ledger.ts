import { encodeHex } from '@dimp/crypto/format';
import type { Awaitable } from '@dimp/mkm';
import type { DatabaseOperation, DatabaseRange, Sharing } from './database.js';
import type { Disk } from './disk.js';
import { asWriteError, DamagedRecordError, type StoreError } from './errors.js';
import { Group } from './group.js';
import { type Change, type Changes, changesIn, Layer, withChanges } from './layer.js';
import { makeKey, type RecordKey } from './record-key.js';
import type { RecordEntry, Records, Scope } from './records.js';
import type { Sealer } from './sealer.js';
import { spaceOf } from './spaces.js';
import { type Merged, Unit, type UnitHost } from './unit.js';

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
  readonly #disk: Disk;
  readonly #sealer: Sealer;
  #gathering: Group | undefined;
  #writing: Group | undefined;
  #writer: Promise<void> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  /** Goes up when writing fails, so that a unit can tell whether it did since its beginning. */
  #failures = 0;
  #failure: StoreError | undefined;
  readonly #listeners: (() => void)[] = [];

  constructor(disk: Disk, sealer: Sealer) {
    this.#disk = disk;
    this.#sealer = sealer;
  }

  async get(key: RecordKey): Promise<Uint8Array | undefined> {
    const change = this.#gathering?.get(key.text) ?? this.#writing?.get(key.text);
    if (change !== undefined) return change.value;
    const sealed = await this.#disk.read(key.bytes);
    if (sealed === undefined) return undefined;
    const value = await this.#sealer.open(sealed, key.bytes);
    if (value === undefined) throw damaged(key);
    return value;
  }

  list(range: DatabaseRange): Promise<readonly RecordEntry[]> {
    return this.listUnder(range, []);
  }

  async listUnder(range: DatabaseRange, upper: readonly Changes[]): Promise<readonly RecordEntry[]> {
    const layers = [...upper, this.#gathering, this.#writing].flatMap(layer => layer ?? []);
    const changes = changesIn(range, layers);
    const { limit } = range;
    const stored: RecordEntry[] = [];
    // a stored record may be removed or replaced, so as many more are asked for as there are changes
    const wanted = limit === undefined ? range : { ...range, limit: limit + changes.size };
    for await (const page of this.#disk.scan(wanted)) {
      for (const [bytes, sealed] of page) {
        const opened = this.#sealer.open(sealed, bytes);
        stored.push({
          key: makeKey(bytes),
          value: this.#sealer.isSync ? (opened as Uint8Array) : await opened,
        });
      }
    }
    return withChanges(range, stored, changes);
  }

  change<T>(work: (records: Records) => Awaitable<T>): Promise<T> {
    return this.changePlain(work);
  }

  atEnd(work: (records: Records) => Awaitable<void>): Promise<void> {
    return this.changePlain(work);
  }

  /** As `change`, with records that can hold what is not to be sealed. */
  async changePlain<T>(work: (records: Layer) => Awaitable<T>): Promise<T> {
    const { result, merged } = await this.exclusive(async () => {
      await this.#recover();
      const begun = this.#failures;
      const layer = new Layer(this);
      const result = await work(layer);
      return { result, merged: this.accept(layer.changes, begun) };
    });
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
  async begin(): Promise<Unit> {
    if (this.#disk.isBroken) await this.exclusive(() => this.#recover());
    return new Unit(this, this.#failures);
  }

  /**
   * Calls the listener when what somebody remembers of his reading may be true no more: a batch was dropped, or another
   * tab had its turn.
   */
  onStale(listener: () => void): void {
    this.#listeners.push(listener);
    this.#disk.sharing?.onTurn(listener);
  }

  /** Resolves when everything that was merged before is on disk. @throws {StoreError} when it is not */
  async commit(): Promise<void> {
    await (this.#gathering ?? this.#writing)?.done;
  }

  /** Resolves when nothing that was begun is on its way to disk any more, whatever became of it. */
  async idle(): Promise<void> {
    await this.#tail;
    await this.#written();
  }

  exclusive<T>(task: () => Promise<T>): Promise<T> {
    const { sharing } = this.#disk;
    const run = this.#tail.then(sharing === undefined ? task : () => this.#inTurn(sharing, task));
    // whoever asked for the task hears of its failure; the next one does not depend on it
    this.#tail = run.catch(() => undefined);
    return run;
  }

  accept(changes: Changes, begun: number): Merged {
    if (begun !== this.#failures) throw this.#failure as StoreError;
    // what was looked at may not be on disk yet, so that it was there is told only when it is
    if (changes.size === 0) return { durable: this.commit() };
    this.#gathering ??= new Group();
    for (const change of changes.values()) this.#gather(change, this.#gathering);
    const { done } = this.#gathering;
    this.#writer ??= this.#write();
    return { durable: done };
  }

  /** Sealed now where that keeps the processor busy while the disk is; not twice, as counters come in every unit. */
  #gather(change: Change, group: Group): void {
    const { key, value, isPlain } = change;
    const isWorthwhile = this.#writing !== undefined && this.#sealer.isSync && !group.has(key.text);
    if (isWorthwhile && value !== undefined && isPlain !== true) {
      change.sealed = this.#sealer.seal(value, key.bytes) as Uint8Array;
    }
    group.set(key.text, change);
  }

  /** What others read when it is their turn must be on disk, so the turn ends when everything is. */
  async #inTurn<T>(sharing: Sharing, task: () => Promise<T>): Promise<T> {
    await sharing.take();
    try {
      return await task();
    } finally {
      void this.#written().then(() => sharing.give());
    }
  }

  async #written(): Promise<void> {
    while (this.#writer !== undefined) await this.#writer;
  }

  async #write(): Promise<void> {
    // those who end at the same time come along
    await undefined;
    for (let group = this.#gathering; group !== undefined; group = this.#gathering) {
      this.#gathering = undefined;
      this.#writing = group;
      try {
        await this.#disk.write(await this.#operations(group));
        this.#writing = undefined;
        group.resolve();
      } catch (error) {
        this.#drop(asWriteError(error));
      }
    }
    this.#writer = undefined;
  }

  async #operations(group: Group): Promise<DatabaseOperation[]> {
    const operations: DatabaseOperation[] = [];
    for (const { key, value, isPlain, sealed } of group.values()) {
      if (value === undefined) operations.push({ type: 'del', key: key.bytes });
      else if (isPlain === true) operations.push({ type: 'put', key: key.bytes, value });
      else {
        const record = sealed ?? this.#sealer.seal(value, key.bytes);
        operations.push({
          type: 'put',
          key: key.bytes,
          value: this.#sealer.isSync ? (record as Uint8Array) : await record,
        });
      }
    }
    return operations;
  }

  #drop(error: StoreError): void {
    const dropped = [this.#writing, this.#gathering];
    this.#writing = undefined;
    this.#gathering = undefined;
    this.#failures++;
    this.#failure = error;
    for (const listener of this.#listeners) listener();
    for (const group of dropped) group?.reject(error);
  }

  async #recover(): Promise<void> {
    if (!this.#disk.isBroken) return;
    await this.#disk.recover();
    // what failed may have come to disk nevertheless, so whoever looked before has to look again
    this.#failures++;
  }
}

function damaged(key: RecordKey): DamagedRecordError {
  return new DamagedRecordError(spaceOf(key.bytes) ?? 'unknown', encodeHex(key.bytes));
}
