import { unsafeMarkVerified, type Verified, type VerifyKey } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { equalID, type ID } from './id.js';
import type { Profile } from './profile.js';

/**
 * Checks that a profile is the one of an ID and was signed by one of these keys; one fit is enough.
 *
 * Which keys those are: of a user the key in its meta; of a group the meta key of any known member, or
 * `groupProfileKeys`.
 */
export async function verifyProfile(
  profile: Profile,
  id: ID,
  keys: Iterable<VerifyKey>,
): Promise<Verified<Profile> | undefined> {
  const { data, signature } = profile;
  if (data === undefined || signature === undefined || !equalID(profile.id, id)) return undefined;
  const bytes = encodeUtf8(data);
  for (const key of keys) {
    if (await key.verify(bytes, signature)) return unsafeMarkVerified(profile);
  }
  return undefined;
}
