import { formatPackage, type Protocol, parsePackage } from '@dimp/core';
import { limits } from '@dimp/crypto';
import { splitMessage } from '@dimp/dkd';
import { equalID, type ID, isBroadcastID, isGroupID, parseID } from '@dimp/mkm';
import { checkID } from './check-arguments.js';
import { defaultProtocol } from './defaults.js';
import { TransportError } from './errors.js';
import type { Transport } from './transport.js';

type Listener = (data: Uint8Array) => void;

/**
 * A relay inside one program: for tests and demonstrations. It sees packages only, delivers at once to who is
 * connected, keeps what comes for others until they connect, and splits group messages by the entries of
 * their `keys`. It checks no signatures; a real station does.
 */
export class MemoryRelay {
  readonly #protocol: Protocol;
  readonly #connections = new Map<string, Set<Listener>>();
  readonly #stored = new Map<string, Uint8Array[]>();
  readonly #watchers = new Set<Listener>();

  constructor(protocol: Protocol = defaultProtocol()) {
    this.#protocol = protocol;
  }

  /** The way of a user to this relay and back. @throws {TypeError} something else than an ID */
  connect(user: ID): Transport {
    checkID(user, 'user');
    return {
      send: async (data, options) => {
        options?.signal?.throwIfAborted();
        this.#accept(data);
      },
      subscribe: listener => this.#subscribe(user, listener),
    };
  }

  /** Calls the listener with every package that passes: what a relay can see. */
  watch(listener: Listener): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  #subscribe(user: ID, listener: Listener): () => void {
    const listeners = this.#connections.get(user.key) ?? new Set();
    listeners.add(listener);
    this.#connections.set(user.key, listeners);
    const waiting = this.#stored.get(user.key) ?? [];
    this.#stored.delete(user.key);
    for (const data of waiting) this.#hand(user.key, listener, data);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#connections.delete(user.key);
    };
  }

  #accept(data: Uint8Array): void {
    if (data.length > limits.packageBytes)
      throw new TransportError('The package is too large for this relay.', { isFinal: true });
    for (const watcher of this.#watchers) watcher(data);
    const message = parsePackage(data, this.#protocol);
    const { receiver, sender } = message.envelope;
    if (isBroadcastID(receiver)) {
      for (const key of this.#connections.keys()) if (key !== sender.key) this.#deliver(key, data);
    } else if (isGroupID(receiver)) {
      const members = [...(message.encryptedKeys?.keys() ?? [])].map(text => parseID(text, this.#protocol));
      const others = members.filter(member => !equalID(member, sender));
      for (const part of splitMessage(message, others, this.#protocol)) {
        this.#deliver(part.envelope.receiver.key, formatPackage(part));
      }
    } else {
      this.#deliver(receiver.key, data);
    }
  }

  #deliver(key: string, data: Uint8Array): void {
    const listeners = this.#connections.get(key);
    if (listeners === undefined) {
      this.#stored.set(key, [...(this.#stored.get(key) ?? []), data]);
      return;
    }
    for (const listener of listeners) this.#hand(key, listener, data);
  }

  /** Later and on its own, as over a network: a receiver's trouble is not the sender's. */
  #hand(key: string, listener: Listener, data: Uint8Array): void {
    queueMicrotask(() => {
      const listeners = this.#connections.get(key);
      if (listeners?.has(listener)) listener(data);
      // who went meanwhile gets it when he comes back
      else if (listeners === undefined) this.#deliver(key, data);
    });
  }
}
