import type { DatabaseOperation } from './database.js';
import { bytesOf, Draft } from './draft.js';
import type { Change } from './layer.js';
import type { Sealer } from './sealer.js';

/** Changes that go to disk in one batch, by the text of their keys. */
export type Group = Map<string, Change>;

/** A change as the database takes it: sealed, unless it was before or is not to be. */
export async function sealGroup(group: Group, sealer: Sealer): Promise<DatabaseOperation[]> {
  const operations: DatabaseOperation[] = [];
  for (const { key, value, isPlain } of group.values()) {
    if (value === undefined) operations.push({ type: 'del', key: key.bytes });
    else if (isPlain === true) operations.push({ type: 'put', key: key.bytes, value: bytesOf(value) });
    else {
      const record = sealer.seal(bytesOf(value), key.bytes);
      operations.push({
        type: 'put',
        key: key.bytes,
        value: sealer.isSync ? (record as Uint8Array) : await record,
      });
    }
  }
  return operations;
}

/** How many drafts are remembered. */
const capacity = 256;

/** Drafts as they are on disk, those written last at the end: what changes with every message need not be read. */
export class RecentDrafts {
  readonly #drafts = new Map<string, Draft>();

  /** @param text of the key */
  get(text: string): Draft | undefined {
    return this.#drafts.get(text);
  }

  /** A group is on disk. */
  note(group: Group): void {
    for (const [text, { value }] of group) {
      this.#drafts.delete(text);
      if (value instanceof Draft) this.#drafts.set(text, value);
    }
    for (const text of this.#drafts.keys()) {
      if (this.#drafts.size <= capacity) break;
      this.#drafts.delete(text);
    }
  }

  clear(): void {
    this.#drafts.clear();
  }
}
