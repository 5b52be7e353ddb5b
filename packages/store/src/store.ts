import type { KeyStore, Protocol } from '@dimp/core';
import type { Archive, Conversations, Outbox, ReplayMemory, WaitingList } from '@dimp/sdk';
import { type RepairReport, type StoreReport, type Walk, walk } from './check.js';
import { recount } from './conversation-recount.js';
import type { Persistence } from './database.js';
import type { Disk } from './disk.js';
import { purgeHeader, type StoreHeader, saveHeader } from './header.js';
import type { Ledger } from './ledger.js';
import { conversationContext, createParts, type PartsContext, type StoreParts } from './parts.js';
import { tuneCost, wrapKey } from './passphrase.js';
import type { ScryptCost } from './platform/platform.js';
import { makeKey, type RecordKeys } from './record-key.js';
import type { Sealer } from './sealer.js';
import { spaces } from './spaces.js';
import type { Merged, Unit } from './unit.js';

/** What `openStore` found or made. */
export interface StoreComponents {
  readonly disk: Disk;
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly header: StoreHeader;
  readonly dataKey: Uint8Array;
  readonly context: PartsContext;
}

/** A unit of a store: its changes, and ports whose changes belong to it. */
export interface StoreUnit extends StoreParts {
  /** For parts that are not made here. */
  readonly records: Unit;
  /** @see Unit.merge */
  merge(): Promise<Merged>;
}

/**
 * Everything a program remembers, in one database: ports for the sdk, and what keeps the database good. Made by
 * `openStore`.
 */
export class Store implements StoreParts {
  /** Each `save…` of these ports is an operation of its own, and resolves when it is on disk. */
  readonly archive: Archive;
  readonly keyStore: KeyStore;
  readonly replay: ReplayMemory;
  readonly conversations: Conversations;
  readonly outbox: Outbox;
  readonly waitingList: WaitingList;
  /** For parts that are not made here: what lies between them and the disk. */
  readonly ledger: Ledger;
  /** Makes the keys of records. */
  readonly keys: RecordKeys;
  readonly #disk: Disk;
  readonly #sealer: Sealer;
  readonly #dataKey: Uint8Array;
  readonly #context: PartsContext;
  #header: StoreHeader;

  constructor({ disk, ledger, sealer, header, dataKey, context }: StoreComponents) {
    this.#disk = disk;
    this.#sealer = sealer;
    this.#dataKey = dataKey;
    this.#header = header;
    this.#context = context;
    this.ledger = ledger;
    this.keys = context.keys;
    const parts = createParts(ledger, context);
    this.archive = parts.archive;
    this.keyStore = parts.keyStore;
    this.replay = parts.replay;
    this.conversations = parts.conversations;
    this.outbox = parts.outbox;
    this.waitingList = parts.waitingList;
  }

  /**
   * `'sealed'` when the records cannot be read without the passphrase; `'unprotected'` when whoever gets at the files
   * can read everything.
   */
  get protection(): 'sealed' | 'unprotected' {
    return this.#header.dataKey instanceof Uint8Array ? 'unprotected' : 'sealed';
  }

  /** What records are read with. */
  get protocol(): Protocol {
    return this.#context.protocol;
  }

  /**
   * What the browser said when it was asked not to throw the store away: `'persistent'`, or `'best-effort'` when it
   * may do so once it needs room. `'unknown'` where it cannot be asked.
   */
  get persistence(): Promise<Persistence> {
    return this.#disk.persistence;
  }

  /**
   * Whether the database is open in this tab, and not one that it is used through. The tab to hold connections to
   * stations, so that there are not two. Always true outside of browsers.
   */
  get isFirst(): boolean {
    return this.#disk.sharing?.isFirst() ?? true;
  }

  /** Resolves when `isFirst` is true: the tabs that were first are closed. */
  get whenFirst(): Promise<void> {
    return this.#disk.sharing?.whenFirst ?? Promise.resolve();
  }

  /** Which kinds of records there are and what is in them. */
  get schema(): number {
    return this.#header.schema;
  }

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
  async unit<T>(work: (unit: StoreUnit) => Promise<T>): Promise<T> {
    const unit = await this.begin();
    const result = await work(unit);
    const { durable } = await unit.merge();
    await durable;
    return result;
  }

  /** A unit to be ended by `merge`, for those who go on with something else while it is being written. */
  async begin(): Promise<StoreUnit> {
    const records = await this.ledger.begin();
    return { ...createParts(records, this.#context), records, merge: () => records.merge() };
  }

  /** Resolves when everything that ended before is on disk. @throws {StoreError} when it is not */
  commit(): Promise<void> {
    return this.ledger.commit();
  }

  /** Puts the store under another passphrase, or with undefined under none. Only the data key is sealed anew. */
  async changePassphrase(
    passphrase: string | undefined,
    options: { readonly cost?: ScryptCost } = {},
  ): Promise<void> {
    const dataKey =
      passphrase === undefined
        ? this.#dataKey.slice()
        : await wrapKey(this.#dataKey, passphrase, options.cost ?? (await tuneCost()));
    const header = { ...this.#header, dataKey };
    await this.ledger.changePlain(records => saveHeader(records, header));
    this.#header = header;
    // the old form would open the store as well
    await purgeHeader(this.#disk);
  }

  /** Opens every record on disk and tells what is good and what is not; changes nothing. */
  async verify(): Promise<StoreReport> {
    const { damaged, ...found } = await this.#walk();
    const isGood = damaged.length === 0 && found.isHeaderWhole && found.unreadable === undefined;
    return { isGood, damaged: damaged.map(({ space, key }) => ({ space, key })), ...found };
  }

  /** Sets damaged records aside, so that nobody meets them any more, and restores the second copy of the header. */
  async repair(options: RepairOptions = {}): Promise<RepairReport> {
    const { damaged, isHeaderWhole, unreadable } = await this.#walk();
    await this.ledger.changePlain(async records => {
      for (const { bytes, sealed } of damaged) {
        records.remove(makeKey(bytes));
        if (options.discard === true) continue;
        records.putPlain(makeKey(Uint8Array.of(spaces.quarantine, ...bytes)), sealed);
      }
      const removed = damaged.map(({ bytes }) => bytes);
      await recount(removed, conversationContext(this.#context), records);
      if (!isHeaderWhole) saveHeader(records, this.#header);
    });
    return {
      removed: damaged.map(({ space, key }) => ({ space, key })),
      restoredHeader: !isHeaderWhole,
      ...(unreadable !== undefined && { unreadable }),
    };
  }

  /** Waits for what is on its way to disk, and closes the database. Whatever comes later is refused. */
  async close(): Promise<void> {
    await this.ledger.idle();
    await this.#disk.close();
    this.#dataKey.fill(0);
  }

  async #walk(): Promise<Walk> {
    await this.commit();
    return walk(this.#disk, this.#sealer);
  }
}

/** What a repair may be told. */
export interface RepairOptions {
  /** Whether damaged records are thrown away instead of being set aside as they were found. */
  readonly discard?: boolean;
}
