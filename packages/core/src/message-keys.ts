import {
  equalBytes,
  exportKey,
  formatJson,
  parseJsonObject,
  parseSymmetricKey,
  type SymmetricAlgorithm,
  type SymmetricKey,
} from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import type { Recipient } from '@dimp/dkd';
import type { ID, User } from '@dimp/mkm';
import { isReusable, type KeyStore, type MessageKey, type WrappedKey } from './key-store.js';
import type { Protocol } from './protocol.js';

/** The message key for one message that is being sent. */
export interface SendingKey {
  readonly entry: MessageKey;
  /** The key's JSON text as bytes: what is encrypted for each recipient. Made when the first needs it. */
  text(): Uint8Array;
}

/** Takes the key of a direction when the policy allows one more use, else makes a new one. */
export async function takeKey(
  sender: ID,
  target: ID,
  keyStore: KeyStore,
  algorithm: SymmetricAlgorithm,
  now: number,
): Promise<SendingKey> {
  const known = await keyStore.loadKey(sender, target);
  const entry: MessageKey =
    known !== undefined && isReusable(known, keyStore.policy, now)
      ? known
      : { key: await algorithm.generateKey(), time: now, uses: 0 };
  let text: Uint8Array | undefined;
  return {
    entry,
    text() {
      text ??= formatKey(entry.key);
      return text;
    },
  };
}

/** One encryption of a message key, and the record of it for the next message with the same key. */
export interface Wrapping {
  readonly recipient: Recipient;
  readonly wrapped: WrappedKey;
}

/**
 * Encrypts the message key for a user; under reuse the bytes that he has seen already.
 * @throws {NotFoundError} without meta @throws {UnsupportedError} without a key that can encrypt
 */
export async function wrapKey(user: User, id: ID, sending: SendingKey): Promise<Wrapping> {
  const { publicKey, encryption } = await user.encryptionKey();
  const before = sending.entry.wrapped?.get(id.key);
  if (before !== undefined && equalBytes(before.material, publicKey.material)) {
    return { recipient: { id, encryptedKey: before.encryptedKey }, wrapped: before };
  }
  const encryptedKey = await encryption.encrypt(sending.text());
  return { recipient: { id, encryptedKey }, wrapped: { material: publicKey.material, encryptedKey } };
}

/** Records a use, with what it was encrypted to if it may be used again. */
export async function saveUse(
  sender: ID,
  target: ID,
  keyStore: KeyStore,
  sending: SendingKey,
  wrappings: readonly Wrapping[],
): Promise<void> {
  const { entry } = sending;
  const keeps = entry.pinned === true || keyStore.policy.maxMessages > 1;
  const used: MessageKey = {
    key: entry.key,
    time: entry.time,
    uses: entry.uses + 1,
    ...(entry.pinned === true && { pinned: true }),
    ...(keeps && { wrapped: mergeWrapped(entry, wrappings) }),
  };
  await keyStore.saveKey(sender, target, used);
}

function mergeWrapped(entry: MessageKey, wrappings: readonly Wrapping[]): ReadonlyMap<string, WrappedKey> {
  const wrapped = new Map(entry.wrapped);
  for (const { recipient, wrapped: one } of wrappings) wrapped.set(recipient.id.key, one);
  return wrapped;
}

/**
 * The message key in decrypted bytes; undefined when they are not the JSON of a key that the protocol knows.
 * What a wrong private key gives must look like any other failure, so the reason is not told.
 */
export function readKey(plaintext: Uint8Array, protocol: Protocol): SymmetricKey | undefined {
  try {
    return parseSymmetricKey(parseJsonObject(plaintext, 'MessageKey'), protocol, 'MessageKey');
  } catch {
    return undefined;
  }
}

/**
 * The text of a message key. With 1024-bit RSA it must fit 117 bytes, so nothing is added (v1.md 2.2).
 */
function formatKey(key: SymmetricKey): Uint8Array {
  return encodeUtf8(formatJson(exportKey(key), 'MessageKey'));
}
