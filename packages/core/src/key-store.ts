import type { SymmetricKey } from '@dimp/crypto';
import type { Awaitable, ID } from '@dimp/mkm';

/**
 * How long one message key is used for sending. The default is one message: the wire carries the key with
 * every message anyway, and one key with one initial vector for a whole conversation shows equal
 * beginnings as equal.
 */
export interface KeyPolicy {
  /** Messages sent with one key. */
  readonly maxMessages: number;
  /** Seconds from the making of a key to its last use. */
  readonly maxAge: number;
}

/** A new key for every message. */
export const freshKeyPolicy: KeyPolicy = { maxMessages: 1, maxAge: 0 };

/** One key for a whole conversation, as dimp 0.9.5 does. Cheaper, and equal beginnings of messages look equal. */
export const oneKeyPolicy: KeyPolicy = {
  maxMessages: Number.POSITIVE_INFINITY,
  maxAge: Number.POSITIVE_INFINITY,
};

/** A message key that was encrypted for somebody before; under reuse the same bytes are sent again. */
export interface WrappedKey {
  /** Key data of the public key it was encrypted with; after a change of that key it is encrypted anew. */
  readonly material: Uint8Array;
  readonly encryptedKey: Uint8Array;
}

/** A message key of one direction. */
export interface MessageKey {
  readonly key: SymmetricKey;
  /** When it was made or first seen, in seconds. */
  readonly time: number;
  /** How many messages were sent with it; 0 for one received. */
  readonly uses: number;
  /** Used for every message until it is removed, whatever the policy says. */
  readonly pinned?: boolean;
  /** By `key` of the recipient's ID. */
  readonly wrapped?: ReadonlyMap<string, WrappedKey>;
}

/**
 * A port: message keys by direction, sender to target, where the target is a user or a group. IDs compare
 * without terminals. PLAIN is never in it.
 */
export interface KeyStore {
  readonly policy: KeyPolicy;
  loadKey(sender: ID, target: ID): Awaitable<MessageKey | undefined>;
  saveKey(sender: ID, target: ID, entry: MessageKey): Awaitable<void>;
  removeKey(sender: ID, target: ID): Awaitable<void>;
}

/** Whether a key may be used for one more message. */
export function isReusable(entry: MessageKey, policy: KeyPolicy, now: number): boolean {
  if (entry.pinned === true) return true;
  return entry.uses > 0 && entry.uses < policy.maxMessages && now - entry.time <= policy.maxAge;
}
