import type { ID } from './id.js';

/**
 * IDs that were read before: the same few come with every message, and reading one costs two digests. What is
 * in it is immutable, so all may share it.
 */
export class IDCache {
  readonly #capacity: number;
  readonly #ids = new Map<string, ID>();

  /** @param capacity how many are kept; the oldest go first */
  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  get(text: string): ID | undefined {
    return this.#ids.get(text);
  }

  set(text: string, id: ID): void {
    if (this.#ids.size >= this.#capacity) {
      const oldest = this.#ids.keys().next();
      if (!oldest.done) this.#ids.delete(oldest.value);
    }
    this.#ids.set(text, id);
  }
}
