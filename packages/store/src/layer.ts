import type { Awaitable } from '@dimp/mkm';
import type { DatabaseRange } from './database.js';
import { bytesOf, type RecordValue } from './draft.js';
import { makeKey, type RecordKey } from './record-key.js';
import type { RecordEntry, Records } from './records.js';

/** What becomes of one record. */
export interface Change {
  readonly key: RecordKey;
  /** Undefined removes it. */
  readonly value: RecordValue | undefined;
  /** Whether it goes to disk as it is: the header does, as it tells how everything else is sealed. */
  readonly isPlain?: boolean;
}

/** Changes by the text of their keys. */
export type Changes = ReadonlyMap<string, Change>;

/** What lies below changes: more changes, and the disk at last. */
export interface Ground {
  find(key: RecordKey): Awaitable<RecordValue | undefined>;
  /** The records of a range as they are with these changes on top, the uppermost first. */
  listUnder(range: DatabaseRange, upper: readonly Changes[]): Promise<readonly RecordEntry[]>;
}

/** Changes that are on nobody's disk yet, over what lies below. */
export class Layer implements Records, Ground {
  readonly #below: Ground;
  readonly #changes = new Map<string, Change>();

  constructor(below: Ground) {
    this.#below = below;
  }

  get changes(): Changes {
    return this.#changes;
  }

  async get(key: RecordKey): Promise<Uint8Array | undefined> {
    const value = await this.find(key);
    return value && bytesOf(value);
  }

  find(key: RecordKey): Awaitable<RecordValue | undefined> {
    const change = this.#changes.get(key.text);
    return change === undefined ? this.#below.find(key) : change.value;
  }

  list(range: DatabaseRange): Promise<readonly RecordEntry[]> {
    return this.listUnder(range, []);
  }

  listUnder(range: DatabaseRange, upper: readonly Changes[]): Promise<readonly RecordEntry[]> {
    return this.#below.listUnder(range, [...upper, this.#changes]);
  }

  put(key: RecordKey, value: RecordValue): void {
    this.#changes.set(key.text, { key, value });
  }

  remove(key: RecordKey): void {
    this.#changes.set(key.text, { key, value: undefined });
  }

  /** Puts a value that is not to be sealed. */
  putPlain(key: RecordKey, value: Uint8Array): void {
    this.#changes.set(key.text, { key, value, isPlain: true });
  }

  /** Takes over all changes of another layer. */
  absorb(changes: Changes): void {
    for (const change of changes.values()) this.#changes.set(change.key.text, change);
  }
}

/** The changes that fall into a range, of several layers with the uppermost first. */
export function changesIn(range: DatabaseRange, layers: readonly Changes[]): Map<string, Change> {
  const [from, before] = [makeKey(range.gte).text, makeKey(range.lt).text];
  const found = new Map<string, Change>();
  for (const layer of layers) {
    for (const [text, change] of layer) {
      if (text >= from && text < before && !found.has(text)) found.set(text, change);
    }
  }
  return found;
}

/** Records as a database gave them, with changes over them. */
export function withChanges(
  { reverse = false, limit = Number.POSITIVE_INFINITY }: DatabaseRange,
  stored: readonly RecordEntry[],
  changes: ReadonlyMap<string, Change>,
): readonly RecordEntry[] {
  if (changes.size === 0) return stored.length > limit ? stored.slice(0, limit) : stored;
  const entries = stored.filter(({ key }) => !changes.has(key.text));
  for (const { key, value } of changes.values()) {
    if (value !== undefined) entries.push({ key, value: bytesOf(value) });
  }
  const order = reverse ? -1 : 1;
  entries.sort((a, b) => (a.key.text < b.key.text ? -order : order));
  return entries.slice(0, Math.min(limit, entries.length));
}
