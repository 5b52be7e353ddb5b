import type { Protocol } from '@dimp/core';
import { type Awaitable, whenReady } from '@dimp/mkm';
import { draftKey, type KeptKey, readKey } from './kept-key.js';
import { type LastNumbers, nextNumber } from './numbers.js';
import { makeKey, type RecordKey, type RecordKeys } from './record-key.js';
import type { Records } from './records.js';

/** How many keys go at most when one comes: more are too many only when the capacity was made smaller. */
const lot = 16;

/** What turns are made with. */
export interface KeyTurnsParts {
  readonly keys: RecordKeys;
  readonly protocol: Pick<Protocol, 'symmetric'>;
  readonly last: LastNumbers;
  /** How many message keys are kept. */
  readonly capacity: number;
}

/**
 * In which order message keys were used, so that those not used for longest can go.
 *
 * Each key has a turn, a number that goes up, and a record `key turn` by that number which says whose it is. So that not
 * every message writes one more record, a key in use gets a new turn only when an eighth of the capacity is before it.
 * Turns as many as the capacity before the newest have ended, and with them their keys: so there are never more.
 */
export class KeyTurns {
  readonly #parts: KeyTurnsParts;

  constructor(parts: KeyTurnsParts) {
    this.#parts = parts;
  }

  /** Whether a key with this turn should get a new one when it is read: so late that reading is seldom writing. */
  isFading(turn: number | undefined): boolean {
    return turn !== undefined && this.#behind(turn) > this.#parts.capacity / 2;
  }

  /** Gives a key a new turn when it is time, and removes those whose turn has ended. */
  renew(key: RecordKey, records: Records): Awaitable<void> {
    return whenReady(records.find(key), value => {
      // it was removed meanwhile
      if (value === undefined) return;
      const kept = readKey(value, this.#parts.protocol);
      if (kept.turn !== undefined && this.#behind(kept.turn) <= this.#parts.capacity / 8) return;
      return this.#replace(key, kept, records);
    });
  }

  /** A key is gone, or has another turn. */
  end(turn: number, records: Records): void {
    records.remove(this.#turnKey(turn));
  }

  #behind(turn: number): number {
    return (this.#parts.last.get('key turn') ?? turn) - turn;
  }

  async #replace(key: RecordKey, kept: KeptKey, records: Records): Promise<void> {
    if (kept.turn !== undefined) this.end(kept.turn, records);
    await this.#give(key, kept, records);
    await this.#forget(records);
  }

  async #give(key: RecordKey, kept: KeptKey, records: Records): Promise<void> {
    const { last, keys } = this.#parts;
    const turn = await nextNumber('key turn', last, keys, records, 0);
    records.put(key, draftKey(kept, turn));
    records.put(this.#turnKey(turn), key.bytes);
  }

  async #forget(records: Records): Promise<void> {
    const { keys, last, capacity, protocol } = this.#parts;
    const before = (last.get('key turn') ?? 0) - capacity + 1;
    if (before <= 0) return;
    for (const ended of await records.list(keys.sequence('key turn', '', { before, limit: lot }))) {
      records.remove(ended.key);
      if (ended.value === undefined) continue;
      const key = makeKey(ended.value);
      const value = await records.find(key);
      if (value === undefined) continue;
      const kept = readKey(value, protocol);
      // units side by side may have given it a later one
      if ((kept.turn ?? 0) >= before) continue;
      if (kept.entry.pinned === true) await this.#give(key, kept, records);
      else records.remove(key);
    }
  }

  #turnKey(turn: number): RecordKey {
    return this.#parts.keys.ordered('key turn', '', turn);
  }
}
