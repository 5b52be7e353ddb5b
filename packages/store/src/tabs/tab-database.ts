import { randomBytes } from '@dimp/crypto';
import { encodeHex } from '@dimp/crypto/format';
import type { Database, DatabaseIterator, DatabaseOperation, DatabaseRange, Sharing } from '../database.js';
import { describe, StoreError, silentTab } from '../errors.js';
import { answer } from './answer.js';
import { HeldLock } from './held-lock.js';
import { type PageEntry, RemoteIterator } from './remote-iterator.js';
import type { TabChannel } from './tab-host.js';
import type { DatabaseRequest, TabMessage } from './tab-message.js';
import { defaultPatience, type TabDatabaseOptions } from './tab-options.js';
import { TabPresence } from './tab-presence.js';
import { TabRequests } from './tab-requests.js';
import { TabTurn } from './tab-turn.js';

/**
 * A database that one tab has open, and all others use through it. When that tab goes, the next one opens the database
 * and answers the others; whatever had no answer is asked again.
 *
 * Sharing begins here, below everything that is kept in memory, so that every tab has a whole store of its own: sealed
 * records and batches go from tab to tab, no keys and no plaintext, and a batch is as atomic as it is at home. What
 * this level cannot give is that nobody writes between the reading of a count and the writing of the next one; that
 * is what the turn is for.
 */
export class TabDatabase implements Database {
  readonly supports = { getSync: false };
  readonly sharing: Sharing;
  readonly #id = encodeHex(randomBytes(16));
  readonly #options: TabDatabaseOptions;
  readonly #channel: TabChannel;
  readonly #ownership: HeldLock;
  readonly #opening: HeldLock;
  readonly #presence: TabPresence;
  readonly #turn: TabTurn;
  readonly #requests: TabRequests;
  readonly #serving = new Set<Promise<void>>();
  readonly #listeners: (() => void)[] = [];
  readonly #changeListeners: ((keys: readonly Uint8Array[]) => void)[] = [];
  #here: Database | undefined;
  #owner: string | undefined;
  #opened: Promise<void> | undefined;
  #failure: unknown;
  #isClosed = false;
  #settle!: { resolve(): void; reject(error: unknown): void };
  /** Resolves when it is known who has the database. */
  readonly #known: Promise<void>;
  #becameFirst!: () => void;

  constructor(options: TabDatabaseOptions) {
    const { host, name, patience = defaultPatience } = options;
    this.#options = options;
    this.#channel = host.createChannel(name);
    this.#ownership = new HeldLock(host.locks, `${name} database`);
    this.#opening = new HeldLock(host.locks, `${name} opening`);
    this.#presence = new TabPresence(host.locks, name, this.#id);
    this.#turn = new TabTurn({
      host,
      name: `${name} turn`,
      say: kind => this.#say({ kind }),
      patience,
      onTurn: () => {
        for (const listener of this.#listeners) listener();
      },
    });
    this.#requests = new TabRequests(
      (number, request, until) => {
        const to = this.#owner as string;
        this.#say({ kind: 'request', from: this.#id, to, number, until, request });
      },
      host.after,
      patience,
    );
    this.#known = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // whoever opens hears of it
    this.#known.catch(() => undefined);
    const whenFirst = new Promise<void>(resolve => {
      this.#becameFirst = resolve;
    });
    this.sharing = {
      take: () => this.#turn.take(),
      give: () => this.#turn.give(),
      onTurn: listener => void this.#listeners.push(listener),
      ready: () => this.#opening.release(),
      id: this.#id,
      members: () => this.#presence.members(),
      tell: keys => this.#say({ kind: 'changed', keys }),
      onTold: listener => void this.#changeListeners.push(listener),
      isFirst: () => this.#here !== undefined,
      whenFirst,
    };
  }

  /** One tab at a time, so that two do not both find an empty database and fill it. */
  open(): Promise<void> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all(this.#serving);
    await this.#here?.close();
    this.#turn.close();
    this.#opening.release();
    this.#presence.leave();
    this.#ownership.release();
    this.#channel.close();
    this.#requests.rejectAll(closed());
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return (await this.#ask({ kind: 'get', key })) as Uint8Array | undefined;
  }

  getSync(): never {
    throw new TypeError('A database that may be in another tab gives nothing at once.');
  }

  async batch(operations: DatabaseOperation[]): Promise<void> {
    await this.#ask({ kind: 'batch', operations });
  }

  iterator({ gte, lt, reverse, limit }: DatabaseRange): DatabaseIterator {
    const range = {
      gte,
      lt,
      ...(reverse !== undefined && { reverse }),
      ...(limit !== undefined && { limit }),
    };
    return new RemoteIterator(
      range,
      async (range, size) => (await this.#ask({ kind: 'page', range, size })) as PageEntry[],
    );
  }

  async #ask(request: DatabaseRequest): Promise<unknown> {
    if (this.#isClosed) throw closed();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#here !== undefined) return answer(this.#here, request);
    return this.#requests.ask(request, this.#owner !== undefined);
  }

  async #open(): Promise<void> {
    const { host, patience = defaultPatience } = this.#options;
    const stop = host.after(patience, () => this.#giveUp());
    try {
      if (!(await this.#opening.take()) || !(await this.#presence.enter())) throw this.#failure ?? closed();
      this.#channel.onmessage = ({ data }) => this.#hear(data as TabMessage);
      this.#own().catch(error => this.#fail(error));
      this.#say({ kind: 'hello' });
      await this.#known;
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      stop();
    }
  }

  /** Whoever has the database says so at once, or is not there any more; this tab itself may take its time. */
  #giveUp(): void {
    if (this.#ownership.isHeld) return;
    this.#fail(silentTab());
    this.#opening.release();
  }

  /** Waits, for as long as it may take, until no other tab has the database, and opens it here. */
  async #own(): Promise<void> {
    if (!(await this.#ownership.take())) return;
    const database = await this.#options.openHere();
    if (this.#isClosed) return database.close();
    this.#owner = undefined;
    this.#here = database;
    this.#becameFirst();
    this.#requests.takeAll(request => answer(database, request));
    this.#announce();
    this.#settle.resolve();
  }

  /** Others may have more luck with the database. */
  #fail(error: unknown): void {
    this.#failure = error;
    this.#ownership.release();
    this.#requests.rejectAll(error);
    this.#settle.reject(error);
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case 'hello':
        if (this.#here !== undefined) this.#announce();
        break;
      case 'owner':
        this.#follow(message.from, message.version);
        break;
      case 'request':
        if (message.to === this.#id) this.#serve(message);
        break;
      case 'response':
        if (message.to === this.#id) this.#requests.answer(message.number, message.value, message.error);
        break;
      case 'changed':
        for (const listener of this.#changeListeners) listener(message.keys);
        break;
      case 'want':
        this.#turn.want();
        break;
      case 'turn':
        this.#turn.remind();
        break;
    }
  }

  #follow(owner: string, version: string): void {
    if (owner === this.#owner || this.#here !== undefined) return;
    if (version !== this.#options.version) {
      this.#fail(
        new StoreError(
          'ERR_STORE_LOCKED',
          'Another tab has the store open with another version; close that tab.',
        ),
      );
      return;
    }
    this.#owner = owner;
    this.#requests.resend();
    this.#settle.resolve();
  }

  /** What comes while closing gets no answer, and is asked again of the next tab. What comes late was given up. */
  #serve({ from, number, until, request }: Extract<TabMessage, { readonly kind: 'request' }>): void {
    const database = this.#here;
    if (database === undefined || this.#isClosed || Date.now() > until) return;
    const serving = answer(database, request).then(
      value => this.#say({ kind: 'response', to: from, number, value }),
      (error: unknown) => this.#say({ kind: 'response', to: from, number, error: describe(error) }),
    );
    this.#serving.add(serving);
    void serving.finally(() => this.#serving.delete(serving));
  }

  #announce(): void {
    this.#say({ kind: 'owner', from: this.#id, version: this.#options.version });
  }

  #say(message: TabMessage): void {
    this.#channel.postMessage(message);
  }
}

function closed(): StoreError {
  return new StoreError('ERR_STORE_CLOSED', 'The store was closed.');
}
