import {
  DecryptError,
  DimpError,
  type EncryptKey,
  type PrivateKey,
  type PublicKey,
  type Verified,
} from '@dimp/crypto';
import type { IdentityContext } from './context.js';
import type { Meta } from './meta.js';
import { type Profile, profileKey } from './profile.js';

/** A key that messages to a user can be encrypted with, and where it comes from. */
export interface EncryptionKey {
  readonly source: 'profile' | 'meta';
  readonly publicKey: PublicKey;
  readonly encryption: EncryptKey;
}

/**
 * The key for encrypting to a user: the one in a good profile, else the one in the meta (v1.md 6.2).
 * A key in the profile that cannot be read or cannot encrypt is passed over, since the private key of the
 * meta always stays with its user. Undefined when the meta's cannot encrypt either.
 */
export function selectEncryptionKey(
  meta: Verified<Meta> | undefined,
  profile: Verified<Profile> | undefined,
  context: Pick<IdentityContext, 'asymmetric'>,
): EncryptionKey | undefined {
  const fromProfile = profile && readableKey(profile, context);
  if (fromProfile?.encryption !== undefined) {
    return { source: 'profile', publicKey: fromProfile, encryption: fromProfile.encryption };
  }
  if (meta?.key.encryption !== undefined) {
    return { source: 'meta', publicKey: meta.key, encryption: meta.key.encryption };
  }
  return undefined;
}

/**
 * The keys that verify what a user sent; one fit is enough. The meta's comes first, since that is what
 * everybody signs with; peers of old accept a profile key as well.
 */
export function* selectVerifyKeys(
  meta: Verified<Meta>,
  profile: Verified<Profile> | undefined,
  context: Pick<IdentityContext, 'asymmetric'>,
): Generator<PublicKey, void, undefined> {
  yield meta.key;
  const other = profile && readableKey(profile, context);
  if (other !== undefined) yield other;
}

/**
 * The key in a profile; undefined for one that cannot be read, which then counts as none: a member of a
 * group who signs nonsense must not keep the others from writing to it.
 */
function readableKey(
  profile: Verified<Profile>,
  context: Pick<IdentityContext, 'asymmetric'>,
): PublicKey | undefined {
  try {
    return profileKey(profile, context);
  } catch (error) {
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}

/**
 * Decrypts with the first key that gives something usable.
 *
 * A wrong RSA key may give bytes without meaning instead of an error, so `read` has the last word: it
 * returns undefined for what is not the expected thing.
 * @throws {DecryptError} when no key gives a usable result
 */
export async function decryptUsable<T>(
  keys: readonly PrivateKey[],
  ciphertext: Uint8Array,
  read: (plaintext: Uint8Array, key: PrivateKey) => T | undefined,
): Promise<T> {
  for (const key of keys) {
    const plaintext = await tryDecrypt(key, ciphertext);
    const result = plaintext && read(plaintext, key);
    if (result !== undefined) return result;
  }
  throw new DecryptError();
}

async function tryDecrypt(key: PrivateKey, ciphertext: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await key.decryption?.decrypt(ciphertext);
  } catch (error) {
    // only this error means "try the next key"; a broken key device must be heard of
    if ((error as { code?: unknown }).code === 'ERR_DECRYPT') return undefined;
    throw error;
  }
}
