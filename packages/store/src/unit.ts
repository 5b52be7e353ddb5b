import { UsageError } from '@dimp/crypto';
import { type Awaitable, isPending, whenReady } from '@dimp/mkm';
import type { DatabaseRange } from './database.js';
import type { RecordValue } from './draft.js';
import { type Changes, type Ground, Layer } from './layer.js';
import type { RecordKey } from './record-key.js';
import type { Reads, RecordEntry, Records, Scope } from './records.js';
import { TaskLine } from './task-line.js';

/** What became of a unit that was handed over: it shows to everybody, and goes to disk with the next batch. */
export interface Merged {
  /** Resolves when it is on disk. Rejects with a `StoreError` when it is not, and then it shows no more. */
  readonly durable: Promise<void>;
}

/** What a unit asks of its ledger. */
export interface UnitHost extends Ground, Reads {
  /** Runs a task while no other such task runs; at once when none does. */
  exclusive<T>(task: () => Awaitable<T>): Awaitable<T>;
  /** Takes all changes over for the next batch. @throws {StoreError} when writing failed since the unit began */
  accept(changes: Changes, begun: number): Merged;
}

/**
 * Changes that are saved together or not at all. Nobody else sees them before `merge`.
 *
 * Units run side by side. What depends on a record that others change too, such as a count or the next number, is
 * done in `atEnd`.
 */
export class Unit implements Records, Scope {
  readonly #host: UnitHost;
  readonly #begun: number;
  readonly #layer: Layer;
  readonly isUnit = true;
  readonly #steps: ((records: Records, below: Reads) => Awaitable<void>)[] = [];
  readonly #changes = new TaskLine();
  #isOver = false;

  /** @param begun what the ledger knows the unit's beginning by */
  constructor(host: UnitHost, begun: number) {
    this.#host = host;
    this.#begun = begun;
    this.#layer = new Layer(host);
  }

  get(key: RecordKey): Promise<Uint8Array | undefined> {
    return this.#layer.get(key);
  }

  find(key: RecordKey): Awaitable<RecordValue | undefined> {
    return this.#layer.find(key);
  }

  list(range: DatabaseRange): Promise<readonly RecordEntry[]> {
    return this.#layer.list(range);
  }

  put(key: RecordKey, value: RecordValue): void {
    this.#check();
    this.#layer.put(key, value);
  }

  remove(key: RecordKey): void {
    this.#check();
    this.#layer.remove(key);
  }

  async change<T>(work: (records: Records) => Awaitable<T>): Promise<T> {
    this.#check();
    return this.#changes.run(() => {
      const layer = new Layer(this.#layer);
      return whenReady(work(layer), result => {
        this.#layer.absorb(layer.changes);
        return result;
      });
    });
  }

  /**
   * Something to do when the unit is merged, while no other unit and no `change` of the ledger is: what it reads
   * stays true until the unit shows. It should be short, and it uses nothing but the records it is given.
   */
  atEnd(step: (records: Records, below: Reads) => Awaitable<void>): void {
    this.#check();
    this.#steps.push(step);
  }

  /**
   * Ends the unit: its changes show to everybody from now on, and go to disk together.
   * @throws {StoreError} when writing failed since the unit began: what it read may not be there any more
   */
  merge(): Awaitable<Merged> {
    this.#check();
    this.#isOver = true;
    return this.#host.exclusive(() => whenReady(this.#changes.busy, () => this.#finish(0)));
  }

  /** Does the steps from one on, and hands all changes over. */
  #finish(from: number): Awaitable<Merged> {
    for (let index = from; index < this.#steps.length; index++) {
      const done = this.#steps[index]?.(this.#layer, this.#host);
      if (isPending(done)) return done.then(() => this.#finish(index + 1));
    }
    return this.#host.accept(this.#layer.changes, this.#begun);
  }

  #check(): void {
    if (this.#isOver) throw new UsageError('The unit has ended; what is changed now would not be saved.');
  }
}
