import { type SignKey, unsafeMarkVerified, type Verified } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { formatProperties, type Profile } from './profile.js';

/**
 * Signs a profile with the private key that belongs to the meta (of a group: a member's).
 *
 * The text that was signed before is kept if there is one, so signing again changes nothing but the
 * signature.
 */
export async function signProfile(profile: Profile, key: SignKey): Promise<Verified<Profile>> {
  const data = profile.data ?? formatProperties(profile.properties);
  const signature = await key.sign(encodeUtf8(data));
  return unsafeMarkVerified<Profile>({ ...profile, data, signature });
}
