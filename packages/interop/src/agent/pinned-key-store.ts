import { freshKeyPolicy, type KeyPolicy, type KeyStore, MemoryKeyStore, type MessageKey } from '@dimp/core';
import type { SymmetricKey } from '@dimp/crypto';
import type { Awaitable, ID } from '@dimp/mkm';

/** Message keys of one user: a new one for each message, but for directions that were pinned to a key. */
export class PinnedKeyStore implements KeyStore {
  readonly policy: KeyPolicy = freshKeyPolicy;
  readonly #entries = new MemoryKeyStore();

  loadKey(sender: ID, target: ID): MessageKey | undefined {
    return this.#entries.loadKey(sender, target);
  }

  /** A pinned direction keeps its key, whatever is sent or comes in. */
  saveKey(sender: ID, target: ID, entry: MessageKey): void {
    const isPinned = this.#entries.loadKey(sender, target)?.pinned === true;
    if (!isPinned || entry.pinned === true) this.#entries.saveKey(sender, target, entry);
  }

  removeKey(sender: ID, target: ID): void {
    this.#entries.removeKey(sender, target);
  }

  /** Uses a key for every message of a direction, until `clear`. */
  pin(sender: ID, target: ID, key: SymmetricKey, time: number): void {
    this.#entries.saveKey(sender, target, { key, time, uses: 0, pinned: true });
  }

  /** Forgets all keys, pinned ones too. */
  clear(): void {
    this.#entries.clear();
  }
}

/** A key store that uses a given key for the message at hand; what it saves goes where it would have gone. */
export function withGivenKey(keyStore: KeyStore, key: SymmetricKey, time: number): KeyStore {
  return {
    policy: keyStore.policy,
    loadKey: (): MessageKey => ({ key, time, uses: 0, pinned: true }),
    saveKey: (sender, target): Awaitable<void> => keyStore.saveKey(sender, target, { key, time, uses: 1 }),
    removeKey: (sender, target): Awaitable<void> => keyStore.removeKey(sender, target),
  };
}
