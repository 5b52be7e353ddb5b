import {
  equalBytes,
  exportKey,
  formatJson,
  NotFoundError,
  parseJsonObject,
  parseSymmetricKey,
  type SymmetricAlgorithm,
  type SymmetricKey,
  UnsupportedError,
} from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import type { Recipient } from '@dimp/dkd';
import { type EncryptionKey, type ID, isUserID, selectEncryptionKey, withoutTerminal } from '@dimp/mkm';
import type { Barrack } from './barrack.js';
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

/** One encryption of a message key, with what is recorded of it for the next message with the same key. */
export interface Wrapping extends Recipient, WrappedKey {}

/**
 * Encrypts the message key for a user; under reuse the bytes that he has seen already.
 * @throws {NotFoundError} without meta, or without profile when the key in the meta only signs
 * @throws {UnsupportedError} for a receiver who is no user, or without a key that can encrypt
 */
export async function wrapKey(receiver: ID, sending: SendingKey, barrack: Barrack): Promise<Wrapping> {
  if (!isUserID(receiver)) {
    throw new UnsupportedError(
      'encryption for a receiver',
      receiver.text,
      'it is neither a user nor a group.',
    );
  }
  const id = withoutTerminal(receiver);
  const meta = await barrack.loadMeta(id);
  if (meta === undefined) throw notHere('meta', receiver);
  const profile = await barrack.loadProfile(id);
  // the user would find the same by some more promises, of which a large group takes thousands
  const found = selectEncryptionKey(meta, profile, barrack.protocol);
  const { publicKey, encryption } = found ?? (await noEncryptionKey(receiver, barrack));
  const { material } = publicKey;
  const before = sending.entry.wrapped?.get(receiver.key);
  const isSame = before !== undefined && equalBytes(before.material, material);
  const encryptedKey = isSame ? before.encryptedKey : await encryption.encrypt(sending.text());
  return { id: receiver, encryptedKey, material };
}

/** The user says what is missing; or has a key after all, when one came meanwhile. */
async function noEncryptionKey(id: ID, barrack: Barrack): Promise<EncryptionKey> {
  const user = await barrack.user(id);
  if (user === undefined) throw notHere('meta', id);
  return user.encryptionKey();
}

export function notHere(what: string, id: ID): NotFoundError {
  return new NotFoundError(what, id.text, 'ask the station for it and send again.');
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

function mergeWrapped(
  { wrapped: before = new Map() }: MessageKey,
  wrappings: readonly Wrapping[],
): ReadonlyMap<string, WrappedKey> {
  const newer = wrappings.filter(({ id, encryptedKey }) => before.get(id.key)?.encryptedKey !== encryptedKey);
  // under reuse nearly always
  if (newer.length === 0) return before;
  const wrapped = new Map(before);
  for (const { id, material, encryptedKey } of newer) wrapped.set(id.key, { material, encryptedKey });
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
