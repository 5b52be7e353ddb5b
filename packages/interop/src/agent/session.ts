import { type Protocol, Transceiver } from '@dimp/core';
import { NotFoundError, type SymmetricKey } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';
import {
  attachmentHandler,
  Facebook,
  MemoryFileHost,
  MemoryReplayMemory,
  Messenger,
  type MessengerOptions,
} from '@dimp/sdk';
import type { CryptoDriver } from '../call.js';
import { protocolOfGeneration1 } from '../rules.js';
import { PinnedKeyStore, withGivenKey } from './pinned-key-store.js';

/** What is remembered of one user who acts here. */
interface UserState {
  readonly keyStore: PinnedKeyStore;
  readonly replay: MemoryReplayMemory;
}

/** How one message is packed. */
export interface PackingOptions {
  /** Whether the content is bound to its envelope. */
  readonly bind?: boolean;
  /** The message key, in place of a new one. */
  readonly key?: SymmetricKey | undefined;
}

/** Everything an agent knows, in memory. What is known of others is known to all who act here; keys are not. */
export class Session {
  readonly driver: CryptoDriver;
  readonly protocol: Protocol;
  /** Set by the last request. */
  isOver = false;
  #facebook: Facebook;
  #host: MemoryFileHost;
  #states = new Map<string, UserState>();

  constructor(driver: CryptoDriver = 'portable') {
    this.driver = driver;
    this.protocol = protocolOfGeneration1(driver);
    this.#facebook = new Facebook({ protocol: this.protocol });
    this.#host = createHost();
  }

  get facebook(): Facebook {
    return this.#facebook;
  }

  /** Where files go while it is switched on. */
  get host(): MemoryFileHost {
    return this.#host;
  }

  /** Forgets everything. */
  reset(): void {
    this.#facebook = new Facebook({ protocol: this.protocol });
    this.#host = createHost();
    this.#states = new Map();
  }

  /** In seconds since 1970. */
  now(): number {
    return this.#facebook.clock();
  }

  /** @throws {NotFoundError} nobody of this ID acts here */
  async requireLocalUser(id: ID): Promise<ID> {
    if ((await this.#facebook.loadUserKeys(id)) !== undefined) return id;
    throw new NotFoundError('private key', id.text, 'import or generate the account first.');
  }

  /** The message keys of a user. */
  keysOf(user: ID): PinnedKeyStore {
    return this.#stateOf(user).keyStore;
  }

  /** What packs messages of a user. */
  transceiverOf(user: ID, { bind = false, key }: PackingOptions = {}): Transceiver {
    const { keyStore } = this.#stateOf(user);
    return new Transceiver({
      barrack: this.#facebook.barrack,
      keyStore: key === undefined ? keyStore : withGivenKey(keyStore, key, this.now()),
      attachments: attachmentHandler(this.#host),
      bind,
    });
  }

  /** What receives messages for a user: made for one request, so that nothing goes on by itself after it. */
  messengerOf(
    user: ID,
    options: Pick<MessengerOptions, 'processors' | 'transport'> & { readonly replay: boolean },
  ): Messenger {
    const { keyStore, replay } = this.#stateOf(user);
    return new Messenger({
      ...options,
      facebook: this.#facebook,
      keyStore,
      attachments: attachmentHandler(this.#host),
      replay: options.replay && replay,
      bind: false,
      attachMeta: 'never',
    });
  }

  #stateOf(user: ID): UserState {
    const state = this.#states.get(user.key) ?? {
      keyStore: new PinnedKeyStore(),
      replay: new MemoryReplayMemory(),
    };
    this.#states.set(user.key, state);
    return state;
  }
}

function createHost(): MemoryFileHost {
  const host = new MemoryFileHost();
  host.enabled = false;
  return host;
}
