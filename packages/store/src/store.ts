import type { Protocol } from '@dimp/core';
import type { RepairReport, StoreReport } from './check.js';
import type { Persistence } from './database.js';
import type { StoreParts } from './parts.js';
import type { ScryptCost } from './platform/platform.js';

/** Changes that are saved together or not at all: ports like those of the store. Nobody else sees them before `merge`. */
export interface StoreUnit extends StoreParts {
  /**
   * Ends the unit: its changes show to everybody from now on, and go to disk together. `durable` resolves when they are
   * on disk. It rejects with a `StoreError` when they are not, and then they show no more.
   * @throws {StoreError} when writing failed since the unit began: what it read may not be there any more
   */
  merge(): Promise<{ readonly durable: Promise<void> }>;
}

/**
 * Everything a program remembers, in one database: ports for the sdk, and what keeps the database good. Made by
 * `openStore`. Each `save…` of its ports is an operation of its own, and resolves when it is on disk.
 */
export interface Store extends StoreParts {
  /**
   * `'sealed'` when the records cannot be read without the passphrase; `'unprotected'` when whoever gets at the files
   * can read everything.
   */
  readonly protection: 'sealed' | 'unprotected';
  /** What records are read with. */
  readonly protocol: Protocol;
  /**
   * What the browser said when it was asked not to throw the store away: `'persistent'`, or `'best-effort'` when it
   * may do so once it needs room. `'unknown'` where it cannot be asked.
   */
  readonly persistence: Promise<Persistence>;
  /**
   * Whether the database is open in this tab, and not one that it is used through. The tab to hold connections to
   * stations, so that there are not two. Always true outside of browsers.
   */
  readonly isFirst: boolean;
  /** Resolves when `isFirst` is true: the tabs that were first are closed. */
  readonly whenFirst: Promise<void>;
  /** Which kinds of records there are and what is in them. */
  readonly schema: number;

  /**
   * Runs work whose changes, made through the unit's ports, are saved together or not at all. Resolves with the
   * work's result when they are on disk.
   *
   * @example
   * await store.unit(async ({ keyStore, replay }) => {
   *   await keyStore.saveKey(sender, receiver, entry)
   *   await replay.add(fingerprint, time)
   * })
   * @throws what the work throws; or `ERR_STORE_FULL`, `ERR_STORE_WRITE`. Nothing was saved then
   */
  unit<T>(work: (unit: StoreUnit) => Promise<T>): Promise<T>;

  /** A unit to be ended by `merge`, for those who go on with something else while it is being written. */
  begin(): Promise<StoreUnit>;

  /** Resolves when everything that ended before is on disk. @throws {StoreError} when it is not */
  commit(): Promise<void>;

  /** Puts the store under another passphrase, or with undefined under none. Only the data key is sealed anew. */
  changePassphrase(passphrase: string | undefined, options?: { readonly cost?: ScryptCost }): Promise<void>;

  /** Opens every record on disk and tells what is good and what is not; changes nothing. */
  verify(): Promise<StoreReport>;

  /** Sets damaged records aside, so that nobody meets them any more, and restores the second copy of the header. */
  repair(options?: RepairOptions): Promise<RepairReport>;

  /** Waits for what is on its way to disk, and closes the database. Whatever comes later is refused. */
  close(): Promise<void>;
}

/** What a repair may be told. */
export interface RepairOptions {
  /** Whether damaged records are thrown away instead of being set aside as they were found. */
  readonly discard?: boolean;
}
