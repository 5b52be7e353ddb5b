import type { KeyStore, Protocol } from '@dimp/core';
import type { Archive, Conversations, Outbox, ReplayMemory, WaitingList } from '@dimp/sdk';
import { type RepairReport, type StoreReport, type Walk, walk } from './check.js';
import { checkPassphrase } from './check-arguments.js';
import { recount } from './conversation-recount.js';
import type { Persistence } from './database.js';
import type { Disk } from './disk.js';
import { findHeader, purgeHeader, type StoreHeader, saveHeader, tellOfHeader } from './header.js';
import type { Ledger } from './ledger.js';
import { type PartsContext, ScopeParts } from './parts.js';
import { tuneCost, wrapKey } from './passphrase.js';
import type { ScryptCost } from './platform/platform.js';
import { makeKey, type RecordKeys } from './record-key.js';
import type { Sealer } from './sealer.js';
import { spaces } from './spaces.js';
import type { RepairOptions, Store, StoreUnit } from './store.js';
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

/** A unit, and the records that its parts are made over. */
export interface OpenUnit extends StoreUnit {
  readonly records: Unit;
}

class UnitParts extends ScopeParts implements OpenUnit {
  readonly records: Unit;

  constructor(records: Unit, context: PartsContext) {
    super(records, context);
    this.records = records;
  }

  async merge(): Promise<Merged> {
    return this.records.merge();
  }
}

/** A store as this package sees it: with what lies between its parts and the disk. */
export class OpenedStore implements Store {
  readonly archive: Archive;
  readonly keyStore: KeyStore;
  readonly replay: ReplayMemory;
  readonly conversations: Conversations;
  readonly outbox: Outbox;
  readonly waitingList: WaitingList;
  readonly ledger: Ledger;
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
    const parts = new ScopeParts(ledger, context);
    this.archive = parts.archive;
    this.keyStore = parts.keyStore;
    this.replay = parts.replay;
    this.conversations = parts.conversations;
    this.outbox = parts.outbox;
    this.waitingList = parts.waitingList;
  }

  get protection(): 'sealed' | 'unprotected' {
    return this.#header.dataKey instanceof Uint8Array ? 'unprotected' : 'sealed';
  }

  get protocol(): Protocol {
    return this.#context.protocol;
  }

  get persistence(): Promise<Persistence> {
    return this.#disk.persistence;
  }

  get isFirst(): boolean {
    return this.#disk.sharing?.isFirst() ?? true;
  }

  get whenFirst(): Promise<void> {
    return this.#disk.sharing?.whenFirst ?? Promise.resolve();
  }

  get schema(): number {
    return this.#header.schema;
  }

  unit<T>(work: (unit: OpenUnit) => Promise<T>): Promise<T> {
    return this.ledger.unit(records => work(new UnitParts(records, this.#context)));
  }

  async begin(): Promise<OpenUnit> {
    return new UnitParts(await this.ledger.begin(), this.#context);
  }

  commit(): Promise<void> {
    return this.ledger.commit();
  }

  async changePassphrase(
    passphrase: string | undefined,
    options: { readonly cost?: ScryptCost } = {},
  ): Promise<void> {
    if (passphrase !== undefined)
      checkPassphrase(passphrase, 'passphrase', 'only undefined takes the passphrase away');
    const dataKey =
      passphrase === undefined
        ? this.#dataKey.slice()
        : await wrapKey(this.#dataKey, passphrase, options.cost ?? (await tuneCost()));
    this.#header = await this.ledger.changePlain(async records => {
      const header = { ...(await this.#latestHeader()), dataKey };
      saveHeader(records, header);
      return header;
    });
    tellOfHeader(this.#disk);
    // the old form would open the store as well
    await purgeHeader(this.#disk);
  }

  async verify(): Promise<StoreReport> {
    const { damaged, ...found } = await this.#walk();
    const isGood = damaged.length === 0 && found.isHeaderWhole && found.unreadable === undefined;
    return { isGood, damaged: damaged.map(({ space, key }) => ({ space, key })), ...found };
  }

  async repair(options: RepairOptions = {}): Promise<RepairReport> {
    const { damaged, isHeaderWhole, unreadable } = await this.#walk();
    await this.ledger.changePlain(async records => {
      for (const { bytes, sealed } of damaged) {
        records.remove(makeKey(bytes));
        if (options.discard === true) continue;
        records.putPlain(makeKey(Uint8Array.of(spaces.quarantine, ...bytes)), sealed);
      }
      const removed = damaged.map(({ bytes }) => bytes);
      await recount(removed, this.#context.editor, records);
      if (!isHeaderWhole) saveHeader(records, await this.#latestHeader());
    });
    return {
      removed: damaged.map(({ space, key }) => ({ space, key })),
      restoredHeader: !isHeaderWhole,
      ...(unreadable !== undefined && { unreadable }),
    };
  }

  /** Another tab has changed the header. */
  async refreshHeader(): Promise<void> {
    const before = this.#header;
    const header = await findHeader(this.#disk);
    // what this tab has changed meanwhile is later
    if (header !== undefined && this.#header === before) this.#header = header;
  }

  async close(): Promise<void> {
    try {
      await this.ledger.idle();
      await this.#disk.close();
    } finally {
      this.#dataKey.fill(0);
    }
  }

  /** As it is on disk, as it may be another tab that changed it last; as it was when no copy of it is good. */
  async #latestHeader(): Promise<StoreHeader> {
    // what this tab has changed may be on its way
    await this.commit();
    return (await findHeader(this.#disk)) ?? this.#header;
  }

  async #walk(): Promise<Walk> {
    await this.commit();
    return walk(this.#disk, this.#sealer);
  }
}
