import { type Awaitable, whenReady } from '@dimp/mkm';
import type { ReplayMemory } from '@dimp/sdk';
import { Draft } from './draft.js';
import { type RecordKey, type RecordKeys, sequenceOf } from './record-key.js';
import type { Reads, Records, Scope } from './records.js';
import {
  countEntries,
  decodeTail,
  encodeEntries,
  encodeTail,
  hashFingerprint,
  newestTime,
  newTail,
  noEntries,
  type ReplayEntries,
  type ReplayTail,
  timeInTail,
} from './replay-blocks.js';
import type { ReplayIndex } from './replay-index.js';

/** How the replay memory of a store is bounded. */
export interface StoreReplayOptions {
  /** Seconds for which a message is remembered; 30 days when absent. */
  readonly window?: number;
  /** Messages remembered; the oldest go first, up to 32 at a time. 100,000 when absent. */
  readonly capacity?: number;
}

/** Entries of a block, unless the capacity is so small that many would be forgotten at once. */
const blockSize = 32;
/** Blocks that go at most with one message that comes: it must not wait for a month of them. */
const sweep = 4;

/**
 * The replay memory of a store: which messages were accepted, in the order in which they came.
 *
 * The newest are in one record, `replay tail`, which a batch writes once for all its messages. When there are 32 of them
 * they become a block, `replay`, by number. In a unit what was added shows when the unit is merged.
 */
export class StoreReplayMemory implements ReplayMemory {
  readonly #scope: Scope;
  readonly #keys: RecordKeys;
  readonly #window: number;
  readonly #capacity: number;
  readonly #blockSize: number;
  readonly #clock: () => number;
  readonly #index: ReplayIndex;

  constructor(
    scope: Scope,
    keys: RecordKeys,
    clock: () => number,
    index: ReplayIndex,
    options: StoreReplayOptions = {},
  ) {
    this.#scope = scope;
    this.#keys = keys;
    this.#clock = clock;
    this.#index = index;
    this.#window = options.window ?? 30 * 86_400;
    this.#capacity = options.capacity ?? 100_000;
    this.#blockSize = Math.min(blockSize, Math.max(1, Math.floor(this.#capacity / 8)));
  }

  async has(fingerprint: string): Promise<boolean> {
    const time = await this.#timeOf(hashFingerprint(fingerprint));
    return time !== undefined && time >= this.#clock() - this.#window;
  }

  add(fingerprint: string, time: number): Awaitable<void> {
    const hash = hashFingerprint(fingerprint);
    return this.#scope.atEnd(records =>
      whenReady(this.#load(records), before => {
        const longer = { ...before, entries: [...before.entries, { hash, time }] };
        const tail = longer.entries.length < this.#blockSize ? longer : this.#close(longer, records);
        const left = this.#isTooMuch(tail) ? this.#forget(tail, records) : tail;
        return whenReady(left, now => records.put(this.#tailKey(), new Draft(now, encodeTail)));
      }),
    );
  }

  async #timeOf(hash: Uint8Array): Promise<number | undefined> {
    for (;;) {
      const tail = await this.#load(this.#scope);
      const time = timeInTail(tail, hash);
      if (time !== undefined) return time;
      const read = (from: number, before: number) => this.#readBlocks(this.#scope, from, before);
      if (await this.#index.follow(tail, read)) return this.#index.timeOf(hash);
    }
  }

  /** Makes a block of the entries of a tail. */
  #close(tail: ReplayTail, records: Records): ReplayTail {
    const { first, next, count, firstUntil } = tail;
    const entries = encodeEntries(tail.entries);
    records.put(this.#blockKey(next), entries);
    return {
      first,
      next: next + 1,
      count: count + countEntries(entries),
      firstUntil: first === next ? newestTime(entries) : firstUntil,
      entries: [],
    };
  }

  #isTooMuch({ first, next, count, firstUntil, entries }: ReplayTail): boolean {
    if (first === next) return false;
    return count + entries.length > this.#capacity || firstUntil < this.#clock() - this.#window;
  }

  /** Removes the oldest blocks when all in them have run out, or there are too many. */
  async #forget(before: ReplayTail, records: Records): Promise<ReplayTail> {
    let tail = before;
    // one more is read, to know until when it counts
    const end = Math.min(tail.next, tail.first + sweep + 1);
    const blocks = new Map(await this.#readBlocks(records, tail.first, end));
    while (this.#isTooMuch(tail) && tail.first < before.first + sweep) {
      const first = tail.first + 1;
      // one that was lost or damaged is as if it were full, and what is behind it has run out
      const gone = countEntries(blocks.get(tail.first) ?? noEntries) || this.#blockSize;
      const firstUntil = newestTime(blocks.get(first) ?? noEntries);
      records.remove(this.#blockKey(tail.first));
      tail = { ...tail, first, firstUntil, count: first === tail.next ? 0 : Math.max(0, tail.count - gone) };
    }
    return tail;
  }

  #load(reads: Reads): Awaitable<ReplayTail> {
    return whenReady(reads.find(this.#tailKey()), value => {
      if (value instanceof Draft) return (value as Draft<ReplayTail>).of;
      return value === undefined ? this.#restore(reads) : decodeTail(value);
    });
  }

  /** There is none, or it was damaged and set aside: then the blocks tell most of it. */
  async #restore(reads: Reads): Promise<ReplayTail> {
    const blocks = await this.#readBlocks(reads, 0, Number.MAX_SAFE_INTEGER);
    const [[first, oldest] = [0, noEntries]] = blocks;
    const [last] = blocks.at(-1) ?? [-1];
    const count = blocks.reduce((sum, [, entries]) => sum + countEntries(entries), 0);
    return { ...newTail, first, next: last + 1, count, firstUntil: newestTime(oldest) };
  }

  async #readBlocks(
    reads: Reads,
    from: number,
    before: number,
  ): Promise<readonly (readonly [number, ReplayEntries])[]> {
    const entries = await reads.list(this.#keys.sequence('replay', '', { from, before }));
    return entries.flatMap(({ key, value }) =>
      value === undefined ? [] : [[sequenceOf(key), value] as const],
    );
  }

  #tailKey(): RecordKey {
    return this.#keys.key('replay tail');
  }

  #blockKey(number: number): RecordKey {
    return this.#keys.ordered('replay', '', number);
  }
}
