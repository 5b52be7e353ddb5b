import {
  hashText,
  hashTexts,
  noEntries,
  type ReplayEntries,
  type ReplayTail,
  timeIn,
} from './replay-blocks.js';

/** Reads blocks by their numbers, from one on and before another; those that are gone or damaged are left out. */
export type ReadBlocks = (
  from: number,
  before: number,
) => Promise<readonly (readonly [number: number, entries: ReplayEntries])[]>;

/**
 * In which block a message is, in memory: blocks are never changed, so each is read once. About 100 bytes for each
 * message. Shared by all of a store.
 */
export class ReplayIndex {
  /** Numbers of blocks by hash; the newest when a message was accepted twice. */
  readonly #places = new Map<string, number>();
  readonly #blocks = new Map<number, ReplayEntries>();
  #next = 0;
  /** Goes up when it is cleared. */
  #round = 0;
  #reading: Promise<void> | undefined;

  /** Brings the index to the state of a tail that was merged; false when that was dropped meanwhile. */
  async follow(tail: ReplayTail, read: ReadBlocks): Promise<boolean> {
    const round = this.#round;
    for (const number of this.#blocks.keys()) {
      if (number >= tail.first) break;
      this.#forget(number);
    }
    while (this.#next < tail.next) {
      // those who ask at the same time wait for the same reading
      this.#reading ??= this.#read(Math.max(tail.first, this.#next), tail.next, read);
      await this.#reading;
      if (round !== this.#round) return false;
    }
    return true;
  }

  /** When a message in a block was accepted; undefined when it is in none. */
  timeOf(hash: Uint8Array): number | undefined {
    const block = this.#blocks.get(this.#places.get(hashText(hash)) ?? Number.NaN);
    return block && timeIn(block, hash);
  }

  /** What was merged was dropped, so blocks may be others. */
  clear(): void {
    this.#places.clear();
    this.#blocks.clear();
    this.#next = 0;
    this.#round++;
  }

  async #read(from: number, before: number, read: ReadBlocks): Promise<void> {
    try {
      const round = this.#round;
      const blocks = await read(from, before);
      if (this.#round !== round) return;
      for (const [number, entries] of blocks) {
        this.#blocks.set(number, entries);
        for (const hash of hashTexts(entries)) this.#places.set(hash, number);
      }
      this.#next = before;
    } finally {
      this.#reading = undefined;
    }
  }

  #forget(number: number): void {
    for (const hash of hashTexts(this.#blocks.get(number) ?? noEntries)) {
      if (this.#places.get(hash) === number) this.#places.delete(hash);
    }
    this.#blocks.delete(number);
  }
}
