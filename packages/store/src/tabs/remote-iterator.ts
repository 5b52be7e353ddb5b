import type { DatabaseIterator, DatabaseRange } from '../database.js';
import { StoreError } from '../errors.js';
import { rangeBehind } from '../range.js';

/** One record of a page. */
export type PageEntry = [key: Uint8Array, value: Uint8Array];

/**
 * An iterator that asks for each page anew, from where the last one ended. So nothing is open anywhere between two
 * pages, and it goes on when another tab has taken the database over.
 */
export class RemoteIterator implements DatabaseIterator {
  readonly #loadPage: (range: DatabaseRange, size: number) => Promise<PageEntry[]>;
  /** What was not read yet. */
  #rest: DatabaseRange | undefined;
  #isClosed = false;

  constructor(range: DatabaseRange, loadPage: (range: DatabaseRange, size: number) => Promise<PageEntry[]>) {
    this.#rest = range.limit === 0 ? undefined : range;
    this.#loadPage = loadPage;
  }

  async nextv(size: number): Promise<PageEntry[]> {
    if (this.#isClosed) throw new StoreError('ERR_STORE_CLOSED', 'The iterator was closed.');
    if (this.#rest === undefined) return [];
    const { gte, lt, reverse = false, limit = size } = this.#rest;
    const wanted = Math.min(size, limit);
    const page = await this.#loadPage({ gte, lt, reverse, limit: wanted }, wanted);
    this.#rest = rangeBehind(this.#rest, page);
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
