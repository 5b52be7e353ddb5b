import type { Awaitable } from '@dimp/mkm';
import type { DatabaseRange } from './database.js';
import type { RecordValue } from './draft.js';
import type { RecordKey } from './record-key.js';

/** One record of a list. */
export interface RecordEntry {
  readonly key: RecordKey;
  /** Undefined when the record is damaged: a list goes on without it, and the reader decides what to do. */
  readonly value: Uint8Array | undefined;
}

/** Looking into a store. What was written shows at once, on disk or not. */
export interface Reads {
  /** Undefined when there is none. @throws {DamagedRecordError} */
  get(key: RecordKey): Promise<Uint8Array | undefined>;
  /** As `get`; gives a draft back as it was put, for as long as it is remembered, and is at once where it can be. */
  find(key: RecordKey): Awaitable<RecordValue | undefined>;
  /** The records of a range in order, without the others being read. */
  list(range: DatabaseRange): Promise<readonly RecordEntry[]>;
}

/** Looking and changing. Changes show in what is read through the same object at once. */
export interface Records extends Reads {
  put(key: RecordKey, value: RecordValue): void;
  remove(key: RecordKey): void;
}

/**
 * What the parts of a store (archive, key store, …) work on: either the ledger, where every change is an operation
 * of its own, or a unit, where changes become part of it. A part does not need to know which.
 */
export interface Scope extends Reads {
  /**
   * Looks and changes in one go; nobody else's `change` comes between. On the ledger it resolves when the change
   * is on disk; in a unit it resolves at once and the change goes to disk with the unit.
   *
   * The work uses nothing but the records it is given: another `change` inside it would wait for itself.
   * @throws what the work throws, and nothing is changed then
   * @throws {StoreError} `ERR_STORE_FULL`, `ERR_STORE_WRITE`: nothing was saved
   */
  change<T>(work: (records: Records) => Awaitable<T>): Promise<T>;

  /**
   * As `change`, for what depends on records that others change too, such as a count or the next number: in a unit it
   * is done when the unit is merged, and shows only then.
   * @param work gets also what there is without the unit, or without the change
   */
  atEnd(work: (records: Records, below: Reads) => Awaitable<void>): Awaitable<void>;
  /** Whether changes become part of a unit. */
  readonly isUnit: boolean;
}
