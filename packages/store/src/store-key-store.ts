import { freshKeyPolicy, type KeyPolicy, type KeyStore, type MessageKey, type Protocol } from '@dimp/core';
import { type Awaitable, type ID, isPending, whenReady } from '@dimp/mkm';
import { draftKey, type KeptKey, keepKey, readKey } from './kept-key.js';
import type { KeyTurns } from './key-turns.js';
import type { RecordKey, RecordKeys } from './record-key.js';
import type { Reads, Scope } from './records.js';

/** What a key store is made with. */
export interface StoreKeyStoreParts {
  readonly keys: RecordKeys;
  readonly protocol: Pick<Protocol, 'symmetric'>;
  readonly keyTurns: KeyTurns;
  /** `freshKeyPolicy` when absent. */
  readonly policy?: KeyPolicy | undefined;
}

/**
 * The key store of a store: message keys with direction, counters and wrapped forms.
 *
 * Whoever invents senders and groups makes keys, so there are only so many: those not used for longest go first, and a
 * pinned one never.
 */
export class StoreKeyStore implements KeyStore {
  readonly policy: KeyPolicy;
  readonly #scope: Scope;
  readonly #parts: StoreKeyStoreParts;

  constructor(scope: Scope, parts: StoreKeyStoreParts) {
    this.policy = parts.policy ?? freshKeyPolicy;
    this.#scope = scope;
    this.#parts = parts;
  }

  async loadKey(sender: ID, target: ID): Promise<MessageKey | undefined> {
    const key = this.#key(sender, target);
    const kept = await this.#load(key, this.#scope);
    if (this.#parts.keyTurns.isFading(kept?.turn)) await this.#renew(key);
    return kept?.entry;
  }

  /** @throws {UnsupportedError} a key that does not give its bytes away; nothing is saved */
  async saveKey(sender: ID, target: ID, entry: MessageKey): Promise<void> {
    const key = this.#key(sender, target);
    const kept = keepKey(entry);
    const saving = this.#scope.change(records =>
      whenReady(this.#load(key, records), before => records.put(key, draftKey(kept, before?.turn))),
    );
    // in the same batch, or with the same unit: turns depend on those of all others
    const renewing = this.#renew(key);
    await (isPending(renewing) ? Promise.all([saving, renewing]) : saving);
  }

  async removeKey(sender: ID, target: ID): Promise<void> {
    const key = this.#key(sender, target);
    await this.#scope.change(async records => {
      const turn = (await this.#load(key, records))?.turn;
      if (turn !== undefined) this.#parts.keyTurns.end(turn, records);
      records.remove(key);
    });
  }

  #renew(key: RecordKey): Awaitable<void> {
    return this.#scope.atEnd(records => this.#parts.keyTurns.renew(key, records));
  }

  #load(key: RecordKey, reads: Reads): Awaitable<KeptKey | undefined> {
    return whenReady(reads.find(key), value => value && readKey(value, this.#parts.protocol));
  }

  #key(sender: ID, target: ID): RecordKey {
    return this.#parts.keys.key('message key', sender.key, target.key);
  }
}
