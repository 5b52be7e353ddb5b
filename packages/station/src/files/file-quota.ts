import type { FileStore } from './file-store.js';
import { blocksOf } from './file-tally.js';

/** Users that are remembered after their last upload. */
const maxIdleUsers = 10_000;

/** What there is no room for: more of this user, or more of anybody. */
export type NoRoom = 'user' | 'station';

/** One upload under way, with what it counts. */
export interface Allowance {
  /** Counts bytes that come; tells when that is more than may be kept. */
  take(bytes: number): NoRoom | undefined;
  /** Ends it. @param bytes of the file that is kept now and was not before; undefined when there is none */
  end(bytes?: number): void;
}

interface Account {
  /** Of files that are kept. */
  bytes: number;
  /** Of uploads that are under way. */
  coming: number;
  uploads: number;
}

/** What quotas are. */
export interface FileQuotaLimits {
  readonly bytesPerUser: number;
  readonly totalBytes: number;
  readonly uploadsPerUser: number;
}

/** Counts what each user keeps: on disk when he first uploads something, in memory from then on. */
export class FileQuota {
  readonly #store: FileStore;
  readonly #limits: FileQuotaLimits;
  /** What is kept in all, in whole blocks. */
  readonly #total: () => number;
  readonly #accounts = new Map<string, Account>();
  readonly #loading = new Map<string, Promise<Account>>();

  /** Of all uploads that are under way. */
  #coming = 0;

  /** @param total what is kept in all, in whole blocks */
  constructor(store: FileStore, limits: FileQuotaLimits, total: () => number) {
    this.#store = store;
    this.#limits = limits;
    this.#total = total;
  }

  /** Begins an upload; undefined when the user has too many under way. */
  async begin(address: string): Promise<Allowance | undefined> {
    const account = await this.#load(address);
    if (account.uploads >= this.#limits.uploadsPerUser) return undefined;
    account.uploads++;
    let mine = 0;
    return {
      take: bytes => {
        mine += bytes;
        account.coming += bytes;
        this.#coming += bytes;
        return this.#noRoom(account);
      },
      end: bytes => {
        account.uploads--;
        account.coming -= mine;
        this.#coming -= mine;
        if (bytes !== undefined) account.bytes += blocksOf(bytes);
        mine = 0;
        this.#forget();
      },
    };
  }

  #noRoom({ bytes, coming }: Account): NoRoom | undefined {
    const { bytesPerUser, totalBytes } = this.#limits;
    if (bytes + coming > bytesPerUser) return 'user';
    // when nothing more fits, nothing more begins
    return this.#total() + Math.max(this.#coming, 1) > totalBytes ? 'station' : undefined;
  }

  /** A file is gone. */
  removed(address: string, bytes: number): void {
    const account = this.#accounts.get(address);
    if (account !== undefined) account.bytes = Math.max(0, account.bytes - blocksOf(bytes));
  }

  async #load(address: string): Promise<Account> {
    const known = this.#accounts.get(address);
    if (known !== undefined) return known;
    let loading = this.#loading.get(address);
    if (loading === undefined) {
      loading = this.#read(address).finally(() => this.#loading.delete(address));
      this.#loading.set(address, loading);
    }
    return await loading;
  }

  async #read(address: string): Promise<Account> {
    let bytes = 0;
    for (const kind of ['file', 'avatar'] as const) bytes += await this.#store.count(kind, address, blocksOf);
    const account = { bytes, coming: 0, uploads: 0 };
    this.#accounts.set(address, account);
    return account;
  }

  #forget(): void {
    if (this.#accounts.size <= maxIdleUsers) return;
    for (const [address, { uploads }] of this.#accounts) {
      if (uploads === 0) this.#accounts.delete(address);
      if (this.#accounts.size <= maxIdleUsers) return;
    }
  }
}
