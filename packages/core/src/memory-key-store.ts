import type { ID } from '@dimp/mkm';
import { freshKeyPolicy, type KeyPolicy, type KeyStore, type MessageKey } from './key-store.js';

/** How a key store in memory is made. */
export interface MemoryKeyStoreOptions {
  readonly policy?: KeyPolicy;
  /** How many directions are kept; those not used for longest go first. */
  readonly capacity?: number;
}

/** Message keys in memory: for tests, demonstrations and programs that need not remember. */
export class MemoryKeyStore implements KeyStore {
  readonly policy: KeyPolicy;
  readonly #capacity: number;
  /** By sender and target. The one used last stands at the end. */
  readonly #entries = new Map<string, MessageKey>();
  /** The name of the one at the end. */
  #newest = '';

  constructor(options: MemoryKeyStoreOptions = {}) {
    this.policy = options.policy ?? freshKeyPolicy;
    this.#capacity = options.capacity ?? 10_000;
  }

  loadKey(sender: ID, target: ID): MessageKey | undefined {
    const name = slot(sender, target);
    const entry = this.#entries.get(name);
    if (entry === undefined || name === this.#newest) return entry;
    // to the end of the queue: this one was used last
    this.#entries.delete(name);
    this.#append(name, entry);
    return entry;
  }

  saveKey(sender: ID, target: ID, entry: MessageKey): void {
    const name = slot(sender, target);
    this.#entries.delete(name);
    if (this.#entries.size >= this.#capacity) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#append(name, entry);
  }

  removeKey(sender: ID, target: ID): void {
    this.#entries.delete(slot(sender, target));
  }

  /** Removes all keys, as when the user changes. */
  clear(): void {
    this.#entries.clear();
  }

  #append(name: string, entry: MessageKey): void {
    this.#entries.set(name, entry);
    this.#newest = name;
  }
}

/** A blank cannot stand in an address, so two directions never share a name. */
function slot(sender: ID, target: ID): string {
  return `${sender.key} ${target.key}`;
}
