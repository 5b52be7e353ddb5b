import type { FileStore } from './file-store.js';

/** Users that are remembered after their last upload. */
const maxIdleUsers = 10_000;
/** What a file takes at least, and in steps of it: many small files fill a disk, too. */
const blockBytes = 4_096;

/** One upload under way, with what it counts. */
export interface Allowance {
  /** Counts bytes that come; false when that is more than the user may keep. */
  take(bytes: number): boolean;
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

/** Counts what each user keeps: on disk when he first uploads something, in memory from then on. */
export class FileQuota {
  readonly #store: FileStore;
  readonly #maxBytes: number;
  readonly #maxUploads: number;
  readonly #accounts = new Map<string, Account>();
  readonly #loading = new Map<string, Promise<Account>>();

  constructor(store: FileStore, limits: { readonly bytesPerUser: number; readonly uploadsPerUser: number }) {
    this.#store = store;
    this.#maxBytes = limits.bytesPerUser;
    this.#maxUploads = limits.uploadsPerUser;
  }

  /** Begins an upload; undefined when the user has too many under way. */
  async begin(address: string): Promise<Allowance | undefined> {
    const account = await this.#load(address);
    if (account.uploads >= this.#maxUploads) return undefined;
    account.uploads++;
    let mine = 0;
    return {
      take: bytes => {
        mine += bytes;
        account.coming += bytes;
        return account.bytes + account.coming <= this.#maxBytes;
      },
      end: bytes => {
        account.uploads--;
        account.coming -= mine;
        if (bytes !== undefined) account.bytes += blocksOf(bytes);
        mine = 0;
        this.#forget();
      },
    };
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

function blocksOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / blockBytes)) * blockBytes;
}
