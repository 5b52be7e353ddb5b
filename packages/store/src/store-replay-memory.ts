import { decodeUtf8 } from '@dimp/crypto/format';
import type { ReplayMemory } from '@dimp/sdk';
import { getJson, putJson } from './json-records.js';
import { type RecordKey, type RecordKeys, sequenceOf } from './record-key.js';
import type { Records, Scope } from './records.js';

/** How the replay memory of a store is bounded. */
export interface StoreReplayOptions {
  /** Seconds for which a message is remembered; 30 days when absent. */
  readonly window?: number;
  /** Messages remembered; the oldest go first. 100,000 when absent. */
  readonly capacity?: number;
}

/** The ends of the order, so that they need not be looked up with every message; shared by all of a store. */
export interface ReplayEnds {
  /** Absent until they were looked up. */
  next?: number;
  oldest?: { readonly number: number; readonly time: number } | undefined;
}

/** Others may have added to it, so the ends are looked up again. */
export function forgetEnds(ends: ReplayEnds): void {
  delete ends.next;
  delete ends.oldest;
}

/** How many that ran out go with one message that comes: it must not wait for a month of them. */
const sweep = 64;

/**
 * The replay memory of a store: which messages were accepted, and in which order.
 *
 * Each is two records: one under its fingerprint, `{ time, number }`, and one under its number, `{ fingerprint, time }`,
 * so that the oldest are found. In a unit what was added shows when the unit is merged.
 */
export class StoreReplayMemory implements ReplayMemory {
  readonly #scope: Scope;
  readonly #keys: RecordKeys;
  readonly #window: number;
  readonly #capacity: number;
  readonly #clock: () => number;
  readonly #ends: ReplayEnds;

  constructor(
    scope: Scope,
    keys: RecordKeys,
    clock: () => number,
    ends: ReplayEnds,
    options: StoreReplayOptions = {},
  ) {
    this.#scope = scope;
    this.#keys = keys;
    this.#clock = clock;
    this.#ends = ends;
    this.#window = options.window ?? 30 * 86_400;
    this.#capacity = options.capacity ?? 100_000;
  }

  async has(fingerprint: string): Promise<boolean> {
    const found = await getJson(this.#scope, this.#keys.key('replay', fingerprint));
    return found !== undefined && (found['time'] as number) >= this.#clock() - this.#window;
  }

  add(fingerprint: string, time: number): Promise<void> {
    return this.#scope.atEnd(async records => {
      const key = this.#keys.key('replay', fingerprint);
      const before = await getJson(records, key);
      if (before !== undefined) records.remove(this.#order(before['number'] as number));
      if (this.#ends.next === undefined) await this.#findEnds(records);
      const number = this.#ends.next as number;
      this.#ends.next = number + 1;
      this.#ends.oldest ??= { number, time };
      putJson(records, key, { time, number });
      putJson(records, this.#order(number), { fingerprint, time });
      await this.#forget(records);
    });
  }

  /** Removes the oldest when they ran out, or are too many; then a hundredth more, so that it need not be done often. */
  async #forget(records: Records): Promise<void> {
    const { next = 0, oldest } = this.#ends;
    const limit = this.#clock() - this.#window;
    if (oldest === undefined || (oldest.time >= limit && next - oldest.number <= this.#capacity)) return;
    const kept = next - Math.ceil(this.#capacity * 0.99);
    const bounds = { from: oldest.number, before: next, limit: sweep };
    this.#ends.oldest = undefined;
    for (const { key, value } of await records.list(this.#keys.sequence('replay order', '', bounds))) {
      const number = sequenceOf(key);
      const entry = value && parseOrder(value);
      if (entry !== undefined && entry.time >= limit && number >= kept) {
        this.#ends.oldest = { number, time: entry.time };
        return;
      }
      records.remove(key);
      if (entry !== undefined) records.remove(this.#keys.key('replay', entry.fingerprint));
      this.#ends.oldest = { number: number + 1, time: entry?.time ?? 0 };
    }
  }

  async #findEnds(records: Records): Promise<void> {
    const [newest] = await records.list(this.#keys.sequence('replay order', '', { reverse: true, limit: 1 }));
    const [oldest] = await records.list(this.#keys.sequence('replay order', '', { limit: 1 }));
    this.#ends.next = newest === undefined ? 0 : sequenceOf(newest.key) + 1;
    this.#ends.oldest = oldest && {
      number: sequenceOf(oldest.key),
      time: (oldest.value && parseOrder(oldest.value).time) ?? 0,
    };
  }

  #order(number: number): RecordKey {
    return this.#keys.ordered('replay order', '', number);
  }
}

function parseOrder(value: Uint8Array): { readonly fingerprint: string; readonly time: number } {
  return JSON.parse(decodeUtf8(value));
}
