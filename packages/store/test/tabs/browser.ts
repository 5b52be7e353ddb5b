import type { Database } from '../../src/database.js';
import { createMemoryDatabase } from '../../src/memory.js';
import { openStoreAs, type StoreOptions } from '../../src/open-store.js';
import type { OpenedStore } from '../../src/opened-store.js';
import { TabDatabase } from '../../src/tabs/tab-database.js';
import type { TabChannel, TabHost, TabLocks } from '../../src/tabs/tab-host.js';

/** What tabs of one browser share: locks, channels and one database. */
export class FakeBrowser {
  readonly locks: FakeLocks = new FakeLocks();
  readonly channels: Set<FakeChannel> = new Set();
  readonly disk: Database = createMemoryDatabase();
  /** How many have the database open. */
  opened = 0;

  openTab(): FakeTab {
    return new FakeTab(this);
  }
}

/** One tab, which can be closed without being asked: at once, in the middle of anything. */
export class FakeTab implements TabHost {
  readonly locks: TabLocks;
  /** Writes that this tab's database was asked for. */
  batches = 0;
  /** Called before a batch is written. */
  onBatch: (() => Promise<void>) | undefined;
  /** Called when a batch is written, before anybody hears of it. */
  onBatchDone: (() => Promise<void>) | undefined;
  isGone = false;
  readonly #browser: FakeBrowser;
  readonly #channels: FakeChannel[] = [];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #hasDatabase = false;

  constructor(browser: FakeBrowser) {
    this.#browser = browser;
    this.locks = {
      request: (name, options, work) => browser.locks.request(this, name, options, work),
      query: () => browser.locks.query(),
    };
  }

  createChannel(name: string): TabChannel {
    const channel = new FakeChannel(name, this.#browser);
    this.#channels.push(channel);
    return channel;
  }

  database(version = '1.1', patience?: number): TabDatabase {
    return new TabDatabase({
      host: this,
      name: 'test',
      version,
      openHere: async () => this.#openHere(),
      ...(patience !== undefined && { patience }),
    });
  }

  openStore(
    options: Pick<StoreOptions, 'passphrase' | 'cost'> & {
      readonly version?: string;
      readonly patience?: number;
    } = {},
  ): Promise<OpenedStore> {
    const { version, patience, ...others } = options;
    return openStoreAs({ database: this.database(version, patience), cost: { N: 2, r: 1, p: 1 }, ...others });
  }

  /** The tab is gone: it says and hears nothing more, its locks are free, what it was writing may be written or not. */
  kill(): void {
    this.isGone = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const channel of this.#channels) channel.close();
    this.#closeHere();
    this.#browser.locks.free(this);
  }

  after = (milliseconds: number, action: () => void): (() => void) => {
    const timer = setTimeout(action, milliseconds);
    // what a tab waits for is no reason for the tests to go on
    timer.unref();
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  };

  /** The tab hears nothing until the function that comes back is called; then it hears everything. */
  freeze(): () => void {
    const thaws = this.#channels.map(channel => channel.freeze());
    return () => {
      for (const thaw of thaws) thaw();
    };
  }

  async #openHere(): Promise<Database> {
    const { disk } = this.#browser;
    await disk.open();
    this.#hasDatabase = true;
    this.#browser.opened++;
    return {
      supports: { getSync: false },
      open: async () => undefined,
      close: async () => this.#closeHere(),
      get: (key, options) => disk.get(key, options),
      getSync: () => undefined,
      iterator: options => disk.iterator(options),
      batch: async (operations, options) => {
        this.batches++;
        await this.onBatch?.();
        if (this.isGone) return new Promise(() => undefined);
        await disk.batch(operations, options);
        await this.onBatchDone?.();
      },
    };
  }

  #closeHere(): void {
    if (this.#hasDatabase) this.#browser.opened--;
    this.#hasDatabase = false;
  }
}

/** As a BroadcastChannel: what one says the others hear a little later, as copies. */
class FakeChannel implements TabChannel {
  onmessage: TabChannel['onmessage'] = null;
  readonly #name: string;
  readonly #all: Set<FakeChannel>;
  #unheard: unknown[] | undefined;

  constructor(name: string, { channels }: FakeBrowser) {
    this.#name = name;
    this.#all = channels;
    channels.add(this);
  }

  postMessage(message: unknown): void {
    if (!this.#all.has(this)) return;
    for (const other of this.#all) {
      if (other === this || other.#name !== this.#name) continue;
      const data = structuredClone(message);
      setImmediate(() => {
        if (this.#all.has(other)) other.#hear(data);
      });
    }
  }

  close(): void {
    this.#all.delete(this);
  }

  freeze(): () => void {
    const unheard: unknown[] = [];
    this.#unheard = unheard;
    return () => {
      this.#unheard = undefined;
      for (const data of unheard) this.#hear(data);
    };
  }

  #hear(data: unknown): void {
    if (this.#unheard === undefined) this.onmessage?.({ data });
    else this.#unheard.push(data);
  }
}

interface Waiting {
  readonly tab: unknown;
  readonly work: () => Promise<void>;
  resolve(value: unknown): void;
  isHeld: boolean;
}

/** As Web Locks: one holder for a name, the others in the order of asking. */
export class FakeLocks {
  readonly #queues = new Map<string, Waiting[]>();

  request(
    tab: unknown,
    name: string,
    { signal }: { readonly signal: AbortSignal },
    work: () => Promise<void>,
  ): Promise<unknown> {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { tab, work, resolve, isHeld: false };
      signal.addEventListener('abort', () => {
        const place = queue.indexOf(waiting);
        if (waiting.isHeld || place < 0) return;
        queue.splice(place, 1);
        reject(signal.reason);
        // it was its turn, and it did not hear of it yet
        if (place === 0 && queue.length > 0) this.#grant(queue);
      });
      queue.push(waiting);
      if (queue.length === 1) this.#grant(queue);
    });
  }

  async query(): Promise<{ readonly held: readonly { readonly name: string }[] }> {
    return { held: [...this.#queues].flatMap(([name, queue]) => (queue.length > 0 ? [{ name }] : [])) };
  }

  /** Frees what a tab holds, and forgets what it waits for. */
  free(tab: unknown): void {
    for (const queue of this.#queues.values()) {
      const holder = queue[0];
      const others = queue.filter(waiting => waiting.tab !== tab);
      queue.splice(0, queue.length, ...others);
      if (queue[0] !== undefined && queue[0] !== holder) this.#grant(queue);
    }
  }

  #grant(queue: Waiting[]): void {
    const holder = queue[0] as Waiting;
    setImmediate(async () => {
      if (queue[0] !== holder) return;
      holder.isHeld = true;
      await holder.work();
      holder.resolve(undefined);
      if (queue[0] !== holder) return;
      queue.shift();
      if (queue.length > 0) this.#grant(queue);
    });
  }
}
