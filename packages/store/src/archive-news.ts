import { type ID, type IdentityContext, parseID } from '@dimp/mkm';
import { getJson } from './json-records.js';
import { makeKey } from './record-key.js';
import type { Reads } from './records.js';

/** Tells of profiles that another tab has changed; shared by all of a store. */
export class ArchiveNews {
  readonly #listeners = new Set<(id: ID) => void>();
  readonly #context: Pick<IdentityContext, 'addresses'>;

  constructor(context: Pick<IdentityContext, 'addresses'>) {
    this.#context = context;
  }

  /** Calls the listener until the function that comes back is called. */
  listen(listener: (id: ID) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Another tab says which records changed; keys of records show no IDs, so they are read. */
  async tell(keys: readonly Uint8Array[], reads: Reads): Promise<void> {
    for (const key of keys) {
      const json = await getJson(reads, makeKey(key));
      if (json === undefined) continue;
      const id = parseID(json['ID'], this.#context);
      for (const listener of this.#listeners) listener(id);
    }
  }
}
