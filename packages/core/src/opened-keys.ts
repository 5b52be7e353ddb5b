import type { SymmetricKey } from '@dimp/crypto';
import type { KeyStrength } from './protection.js';

/** A message key with the private key that opened it. */
export interface OpenedKey {
  readonly key: SymmetricKey;
  readonly wrap: KeyStrength;
}

/**
 * Message keys by the encrypted bytes they came in, so that a sender who uses one key for several messages
 * costs one private operation. Only results that were usable are remembered; the oldest go first.
 */
export class OpenedKeys {
  readonly #capacity: number;
  readonly #keys = new Map<string, OpenedKey>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(name: string): OpenedKey | undefined {
    return this.#keys.get(name);
  }

  set(name: string, opened: OpenedKey): void {
    if (this.#keys.size >= this.#capacity) {
      const oldest = this.#keys.keys().next();
      if (!oldest.done) this.#keys.delete(oldest.value);
    }
    this.#keys.set(name, opened);
  }

  clear(): void {
    this.#keys.clear();
  }
}
