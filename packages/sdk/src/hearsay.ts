import type { Verified } from '@dimp/crypto';
import { equalPublicKey } from '@dimp/crypto/match';
import { type ID, isGroupID, type Meta } from '@dimp/mkm';

/** IDs of which something was heard; the oldest go when there are more, since anybody can name any number. */
const capacity = 1000;

/** Metas for one ID. An ECDSA signature fits two keys, in rare cases four. */
const metasPerID = 4;

/**
 * Metas that somebody brought and whose keys have signed nothing yet but their own fingerprints.
 *
 * An ECDSA signature fits more than one key, so a valid meta has a twin, which anybody can make. A message or profile
 * tells which of them is the owner's; until then all are here, and none is kept for good.
 */
export class Hearsay {
  readonly #metas = new Map<string, { readonly id: ID; readonly metas: readonly Verified<Meta>[] }>();
  readonly #onForgotten: (id: ID) => void;

  /** @param onForgotten called with an ID that had to make room */
  constructor(onForgotten: (id: ID) => void) {
    this.#onForgotten = onForgotten;
  }

  has(id: ID): boolean {
    return this.#metas.has(id.key);
  }

  /** In the order in which they came. */
  list(id: ID): readonly Verified<Meta>[] {
    return this.#metas.get(id.key)?.metas ?? [];
  }

  add(id: ID, meta: Verified<Meta>): void {
    const metas = this.list(id);
    if (metas.length >= metasPerID || metas.some(({ key }) => equalPublicKey(key, meta.key))) return;
    if (metas.length === 0 && this.#metas.size >= capacity) this.#forgetOldest();
    this.#metas.set(id.key, { id, metas: [...metas, meta] });
  }

  delete(id: ID): void {
    this.#metas.delete(id.key);
  }

  #forgetOldest(): void {
    const [oldest] = this.#metas.values();
    if (oldest === undefined) return;
    this.delete(oldest.id);
    this.#onForgotten(oldest.id);
  }
}

/** Whether another key may fit a meta as well as its own. A group signs nothing, and its founder is known by either. */
export function mayHaveTwin({ key, fingerprint }: Meta, id: ID): boolean {
  return fingerprint !== undefined && key.algorithm !== 'RSA' && !isGroupID(id);
}
