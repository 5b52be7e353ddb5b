import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@dimp/crypto/digest';
import { encodeUtf8 } from '@dimp/crypto/format';
import { anywhere, createID, type ID } from '@dimp/mkm';
import { openFolder } from '@dimp/store/folder';
import { createMemoryDatabase } from '@dimp/store/memory';
import type { Database, DatabaseOperation, OpenedDatabase } from '@dimp/store/synced';
import { afterAll } from '@jest/globals';
import { type MessageStoreOptions, openMessageStore } from '../src/level-message-store.js';
import type { MessageStore, NewStored } from '../src/message-store.js';

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

export async function newFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'dimp-station-'));
  folders.push(parent);
  return join(parent, 'messages');
}

export function someone(name: string): ID {
  return createID({ name, address: anywhere });
}

/** A message whose package is this text. */
export function textMessage(sender: ID, receiver: ID, text: string, time = 1_700_000_000): NewStored {
  const data = encodeUtf8(text);
  return { sender, receiver, data, digest: sha256(data), time };
}

/** Where message stores are tried: each call opens the same records once more. */
export interface Place {
  readonly name: string;
  readonly create: () => Promise<() => Promise<OpenedDatabase>>;
}

export const places: readonly Place[] = [
  { name: 'memory', create: async () => inMemory(createMemoryDatabase()) },
  {
    name: 'a database without synchronous reads',
    create: async () => inMemory(new Layer({ getSync: false })),
  },
  {
    name: 'a folder',
    async create() {
      const folder = await newFolder();
      return () => openFolder(folder);
    },
  },
];

function inMemory(database: Database): () => Promise<OpenedDatabase> {
  return async () => {
    await database.open();
    return { database };
  };
}

/** The stores of a place, with a way to the next run. */
export function storesIn({ create }: Place): {
  create(options: MessageStoreOptions): Promise<MessageStore>;
  reopen(store: MessageStore): Promise<MessageStore>;
} {
  const known = new Map<
    MessageStore,
    { open: () => Promise<OpenedDatabase>; options: MessageStoreOptions }
  >();
  const make = async (open: () => Promise<OpenedDatabase>, options: MessageStoreOptions) => {
    const store = await openMessageStore(await open(), options);
    known.set(store, { open, options });
    return store;
  };
  return {
    create: async options => make(await create(), options),
    async reopen(store) {
      const { open, options } = known.get(store) ?? {};
      if (open === undefined || options === undefined) throw new Error('expected a store that was made here');
      await store.close();
      return make(open, options);
    },
  };
}

/** A database in memory behind a layer that counts, fails and waits as told. */
export class Layer implements Database {
  readonly supports: object;
  readonly #inner: Database = createMemoryDatabase();
  readonly batches: DatabaseOperation[][] = [];
  /** Batches that were begun. */
  begun = 0;
  /** What becomes of the next batches: it throws before, or after it was written. */
  fails: 'before' | 'after' | undefined;
  /** A batch waits for it. */
  gate: Promise<void> | undefined;
  readFails = false;

  constructor(supports: object = { getSync: true }) {
    this.supports = supports;
  }

  open(): Promise<void> {
    return this.#inner.open();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async get(...parameters: Parameters<Database['get']>): Promise<Uint8Array | undefined> {
    this.#checkRead();
    return this.#inner.get(...parameters);
  }

  getSync(...parameters: Parameters<Database['getSync']>): Uint8Array | undefined {
    this.#checkRead();
    return this.#inner.getSync(...parameters);
  }

  async batch(...parameters: Parameters<Database['batch']>): Promise<void> {
    this.begun++;
    await this.gate;
    if (this.fails === 'before') throw new Error('ENOSPC: no space left');
    this.batches.push(parameters[0]);
    await this.#inner.batch(...parameters);
    if (this.fails === 'after') throw new Error('EIO: cannot say');
  }

  iterator(...parameters: Parameters<Database['iterator']>): ReturnType<Database['iterator']> {
    this.#checkRead();
    return this.#inner.iterator(...parameters);
  }

  #checkRead(): void {
    if (this.readFails) throw new Error('EIO: cannot read');
  }
}
