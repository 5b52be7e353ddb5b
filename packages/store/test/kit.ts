import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { bytesEncoding, type Database, type DatabaseOperation } from '../src/database.js';
import { Disk } from '../src/disk.js';
import type { StoreOptions } from '../src/index.js';
import { Ledger } from '../src/ledger.js';
import { createMemoryDatabase } from '../src/memory.js';
import { openStoreAs } from '../src/open-store.js';
import type { OpenedStore } from '../src/opened-store.js';
import { NodeSealer } from '../src/platform/node-sealer.js';
import { RecordKeys } from '../src/record-key.js';

/** What costs a millisecond, for tests that are not about what it costs. */
export const cheap = { N: 2, r: 1, p: 1 };

const folders: string[] = [];
const stores: OpenedStore[] = [];

afterAll(async () => {
  for (const store of stores) await store.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A folder that is not there yet, in one that is removed after the tests of the file. */
export async function newFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'dimp-store-'));
  folders.push(parent);
  return join(parent, 'store');
}

/** Opens a store that is closed after the tests of the file. */
export async function newStore(options: StoreOptions): Promise<OpenedStore> {
  const store = await openStoreAs(options);
  stores.push(store);
  return store;
}

/** A store in memory. */
export function memoryStore(options: Omit<StoreOptions, 'database' | 'location'> = {}): Promise<OpenedStore> {
  return newStore({ database: createMemoryDatabase(), ...options });
}

/** Where stores are tried: what opens a new one, and what opens the same once more. */
export interface Place {
  readonly name: string;
  readonly create: () => Promise<StoreOptions>;
}

export const places: readonly Place[] = [
  { name: 'memory', create: async () => ({ database: createMemoryDatabase() }) },
  { name: 'a database without synchronous reads', create: async () => ({ database: new AsyncOnly() }) },
  { name: 'a folder', create: async () => ({ location: await newFolder() }) },
  {
    name: 'a folder with a passphrase',
    create: async () => ({ location: await newFolder(), passphrase: 'correct horse', cost: cheap }),
  },
];

/** The ports of stores in a place, with a way to the next run of the program. */
export function portsIn<T extends object>(
  { create }: Place,
  pick: (store: OpenedStore) => T,
): { readonly create: () => Promise<T>; readonly reopen: (port: T) => Promise<T> } {
  const opened = new Map<T, { readonly store: OpenedStore; readonly options: StoreOptions }>();
  const open = async (options: StoreOptions): Promise<T> => {
    const store = await newStore(options);
    const port = pick(store);
    opened.set(port, { store, options });
    return port;
  };
  return {
    create: async () => open(await create()),
    async reopen(port) {
      const { store, options } = opened.get(port) ?? {};
      if (store === undefined || options === undefined) throw new Error('expected a port that was made here');
      await store.close();
      return open(options);
    },
  };
}

/** How a batch ends. */
type Ending = 'pass' | Error;

/**
 * A layer under the store that writes down what reaches the database, and when. Batches can be held back and made to
 * fail.
 */
export class Recorder implements Database {
  readonly batches: { readonly operations: readonly DatabaseOperation[]; readonly sync: boolean }[] = [];
  /** Batches that are done. */
  done = 0;
  /** How the next batches end; those after them pass. */
  endings: Ending[] = [];
  /** When set, a batch waits for it before it is written. */
  gate: Promise<void> | undefined;
  readonly #database: Database;

  constructor(database: Database = createMemoryDatabase()) {
    this.#database = database;
  }

  get supports(): object {
    return this.#database.supports;
  }

  open(): Promise<void> {
    return this.#database.open();
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  get: Database['get'] = key => this.#database.get(key, bytesEncoding);
  getSync: Database['getSync'] = key => this.#database.getSync(key, bytesEncoding);
  iterator: Database['iterator'] = options => this.#database.iterator(options);

  async batch(operations: DatabaseOperation[], options: Parameters<Database['batch']>[1]): Promise<void> {
    this.batches.push({ operations, sync: options.sync });
    // a disk takes longer than a turn of the event loop
    await (this.gate ?? new Promise<void>(resolve => setImmediate(resolve)));
    const ending = this.endings.shift() ?? 'pass';
    if (ending !== 'pass') throw ending;
    await this.#database.batch(operations, options);
    this.done++;
  }
}

/** A database whose reads take a turn of the event loop, as IndexedDB's do. */
export class AsyncOnly extends Recorder {
  override get supports(): object {
    return { getSync: false };
  }
}

/** A ledger with the keys of its records, over a recorder. */
export function newLedger(recorder: Recorder = new Recorder()): {
  readonly ledger: Ledger;
  readonly keys: RecordKeys;
  readonly recorder: Recorder;
} {
  const sealer = new NodeSealer(new Uint8Array(32).fill(1));
  const ledger = new Ledger(new Disk({ database: recorder }), sealer);
  return { ledger, keys: new RecordKeys(new Uint8Array(32).fill(2)), recorder };
}

/** The code an action is refused with. */
export async function codeOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  return 'none';
}
