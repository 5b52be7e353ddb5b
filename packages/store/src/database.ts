/** Keys and values are bytes on every call, whatever the database has as its defaults. */
export interface BytesEncoding {
  readonly keyEncoding: 'view';
  readonly valueEncoding: 'view';
}

/** @see BytesEncoding */
export const bytesEncoding: BytesEncoding = { keyEncoding: 'view', valueEncoding: 'view' };

/** One write among others. */
export type DatabaseOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** Keys from `gte` to before `lt`, in the order of their bytes. */
export interface DatabaseRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/**
 * What is used of an `abstract-level` database; any of that family fits, a sublevel too.
 *
 * A batch is atomic. With `sync` it resolves when it is on disk; databases that do not know the option take
 * care of it themselves, or live in memory.
 */
export interface Database {
  /** `getSync` in it tells whether there is one that works. */
  readonly supports: object;
  /** Absent when nobody else can have it open. */
  readonly sharing?: Sharing;
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: Uint8Array, options: BytesEncoding): Promise<Uint8Array | undefined>;
  getSync(key: Uint8Array, options: BytesEncoding): Uint8Array | undefined;
  batch(operations: DatabaseOperation[], options: BytesEncoding & { readonly sync: boolean }): Promise<void>;
  iterator(options: DatabaseRange & BytesEncoding): DatabaseIterator;
}

/** @see Database */
export interface DatabaseIterator {
  nextv(size: number): Promise<[Uint8Array, Uint8Array][]>;
  close(): Promise<void>;
}

/** How a database is shared with others who have it open at the same time, as tabs of a browser do. */
export interface Sharing {
  /** Resolves when nobody else changes anything, and may be called again before `give`. @throws {StoreError} closed */
  take(): Promise<void>;
  /** To be called as often, when what was changed is on disk. */
  give(): void;
  /** Calls the listener when others may have changed something since this one last could. */
  onTurn(listener: () => void): void;
  /** Opening is over, so the next may open. */
  ready(): void;
  /** A name of this one that no other ever had. */
  readonly id: string;
  /** The names of all that are open. */
  members(): Promise<ReadonlySet<string>>;
  /** Tells the others which records were changed. */
  tell(keys: readonly Uint8Array[]): void;
  /** Calls the listener with the keys of records that another one changed. */
  onTold(listener: (keys: readonly Uint8Array[]) => void): void;
  /** Whether this one has the database itself, and the others go through it. */
  isFirst(): boolean;
  /** Resolves when it has. */
  readonly whenFirst: Promise<void>;
}

/** Whether a browser may throw a database away when it needs room; `'unknown'` where nobody can tell. */
export type Persistence = 'persistent' | 'best-effort' | 'unknown';

/** A database that was opened from a location. */
export interface OpenedDatabase {
  readonly database: Database;
  /**
   * Makes a database good again after a write that failed, by closing and opening it; its location is checked
   * for room first. Absent when a failed write leaves nothing behind.
   */
  readonly reopen?: () => Promise<void>;
  /** Makes what was deleted or replaced in these keys disappear from the files, as far as that can be had. */
  readonly purge?: (range: DatabaseRange) => Promise<void>;
  /** What the browser said when it was asked to keep the database; absent where nobody throws it away. */
  readonly persistence?: Promise<Persistence>;
  /** What is to be done after closing. */
  readonly release?: () => Promise<void>;
}
