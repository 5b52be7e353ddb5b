import { concatBytes } from '@dimp/crypto';
import type { DatabaseIterator, DatabaseRange } from '../database.js';
import { StoreError } from '../errors.js';

/** One record of a page. */
export type PageEntry = [key: Uint8Array, value: Uint8Array];

/**
 * An iterator that asks for each page anew, from where the last one ended. So nothing is open anywhere between two
 * pages, and it goes on when another tab has taken the database over.
 */
export class RemoteIterator implements DatabaseIterator {
  readonly #loadPage: (range: DatabaseRange, size: number) => Promise<PageEntry[]>;
  #range: DatabaseRange;
  #left: number;
  #isClosed = false;

  constructor(range: DatabaseRange, loadPage: (range: DatabaseRange, size: number) => Promise<PageEntry[]>) {
    this.#range = range;
    this.#left = range.limit ?? Number.POSITIVE_INFINITY;
    this.#loadPage = loadPage;
  }

  async nextv(size: number): Promise<PageEntry[]> {
    if (this.#isClosed) throw new StoreError('ERR_STORE_CLOSED', 'The iterator was closed.');
    const wanted = Math.min(size, this.#left);
    if (wanted === 0) return [];
    const { gte, lt, reverse = false } = this.#range;
    const page = await this.#loadPage({ gte, lt, reverse, limit: wanted }, wanted);
    const [last] = page.at(-1) ?? [];
    this.#left = last === undefined ? 0 : this.#left - page.length;
    if (last !== undefined) {
      this.#range = reverse
        ? { ...this.#range, lt: last }
        : { ...this.#range, gte: concatBytes(last, Uint8Array.of(0)) };
    }
    return page;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }
}

/** One page of a database that is here. */
export async function readPage(iterator: DatabaseIterator, size: number): Promise<PageEntry[]> {
  try {
    return await iterator.nextv(size);
  } finally {
    await iterator.close();
  }
}
