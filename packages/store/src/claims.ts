import type { JsonObject } from '@dimp/crypto';
import type { Sharing } from './database.js';

/**
 * Whose work a record is, where several tabs share a store: what one of them put in, it sends or goes on with itself. What
 * is left of tabs that were closed falls to the one that has the database.
 */
export class Claims {
  readonly #sharing: Sharing | undefined;

  constructor(sharing: Sharing | undefined) {
    this.#sharing = sharing;
  }

  /** What a record says about it. */
  get mark(): JsonObject {
    return this.#sharing === undefined ? {} : { tab: this.#sharing.id };
  }

  /** Those of these records that are for this tab. */
  async mine(records: readonly JsonObject[]): Promise<readonly JsonObject[]> {
    const sharing = this.#sharing;
    if (sharing === undefined || records.every(({ tab }) => tab === sharing.id)) return records;
    const open = sharing.isFirst() ? await sharing.members() : undefined;
    return records.filter(({ tab }) => tab === sharing.id || open?.has(tab as string) === false);
  }
}
