import type { SymmetricKey } from '@dimp/crypto';
import type { KeyStrength } from './protection.js';

/** A message key with the private key that opened it. */
export interface OpenedKey {
  readonly key: SymmetricKey;
  readonly wrap: KeyStrength;
  /** `key` of the IDs between whom it came. */
  readonly sender: string;
  readonly receiver: string;
}

/**
 * Message keys by the base64 text they came in, so that a sender who uses one key for several messages
 * costs one private operation. Only results that were usable are remembered; the oldest go first.
 */
export class OpenedKeys {
  readonly #capacity: number;
  readonly #keys = new Map<string, OpenedKey>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The key that came in this text from this sender to this receiver. */
  get(text: string, sender: string, receiver: string): OpenedKey | undefined {
    const opened = this.#keys.get(text);
    return opened?.sender === sender && opened.receiver === receiver ? opened : undefined;
  }

  set(text: string, opened: OpenedKey): void {
    if (this.#keys.size >= this.#capacity) {
      const oldest = this.#keys.keys().next();
      if (!oldest.done) this.#keys.delete(oldest.value);
    }
    this.#keys.set(text, opened);
  }

  clear(): void {
    this.#keys.clear();
  }
}
