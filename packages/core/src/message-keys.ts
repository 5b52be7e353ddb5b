import {
  NotFoundError,
  parseJsonObject,
  parseSymmetricKey,
  type SymmetricKey,
  UnsupportedError,
} from '@dimp/crypto';
import {
  type Awaitable,
  type EncryptionKey,
  type ID,
  isUserID,
  selectEncryptionKey,
  whenReady,
} from '@dimp/mkm';
import type { Barrack } from './barrack.js';
import type { Protocol } from './protocol.js';
import type { SendingKey } from './sending-key.js';

/**
 * Encrypts a message key for a user. Fails with a promise, whatever it fails of.
 *
 * - `NotFoundError` without meta, or without profile when the key in the meta only signs
 * - `UnsupportedError` for a receiver who is no user, or without a key that can encrypt
 */
export function wrapKey(receiver: ID, sending: SendingKey, barrack: Barrack): Awaitable<Uint8Array> {
  try {
    return whenReady(findKey(receiver, barrack), key => sending.wrap(receiver, key));
  } catch (error) {
    return Promise.reject(error);
  }
}

function findKey(receiver: ID, barrack: Barrack): Awaitable<EncryptionKey> {
  if (!isUserID(receiver)) {
    throw new UnsupportedError(
      'encryption for a receiver',
      receiver.text,
      'it is neither a user nor a group.',
    );
  }
  return whenReady(barrack.loadMeta(receiver), meta => {
    if (meta === undefined) throw notHere('meta', receiver);
    // the user would find the same by some more promises, of which a large group takes thousands
    return whenReady(
      barrack.loadProfile(receiver),
      profile => selectEncryptionKey(meta, profile, barrack.protocol) ?? noEncryptionKey(receiver, barrack),
    );
  });
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
