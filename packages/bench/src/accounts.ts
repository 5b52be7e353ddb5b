import type { Protocol } from '@dimp/core';
import { exportKey, type JsonObject, type PrivateKey, type Verified } from '@dimp/crypto';
import { ecc, rsa } from '@dimp/crypto-node';
import type { ID, Meta, Profile } from '@dimp/mkm';
import type { Kit } from './sides.js';

export const accountKinds = ['RSA-1024', 'RSA-2048', 'ECC+RSA-2048'] as const;

/** The key that signs and, after `+`, a key of the profile that messages are encrypted with. */
export type AccountKind = (typeof accountKinds)[number];

/** Key objects of an account, to be read by either side. */
export interface AccountKeys {
  readonly kind: AccountKind;
  readonly sign: JsonObject;
  readonly decrypt: JsonObject;
}

export async function generateKeys(kind: AccountKind): Promise<AccountKeys> {
  if (kind === 'ECC+RSA-2048') {
    const [sign, decrypt] = await Promise.all([
      ecc.generatePrivateKey(),
      rsa.generatePrivateKey({ bits: 2048 }),
    ]);
    return { kind, sign: exportKey(sign), decrypt: exportKey(decrypt) };
  }
  const sign = exportKey(await rsa.generatePrivateKey({ bits: kind === 'RSA-1024' ? 1024 : 2048 }));
  return { kind, sign, decrypt: sign };
}

/** A user with everything that is known of him here. */
export interface Account {
  readonly id: ID;
  readonly meta: Verified<Meta>;
  readonly profile?: Verified<Profile>;
  readonly signKey: PrivateKey;
  readonly decryptKey: PrivateKey;
}

/** Makes the user of a name and keys. */
export async function createAccount(
  name: string,
  keys: AccountKeys,
  kit: Kit,
  protocol: Protocol,
): Promise<Account> {
  const signKey = kit.parsePrivateKey(keys.sign, protocol);
  const decryptKey = keys.decrypt === keys.sign ? signKey : kit.parsePrivateKey(keys.decrypt, protocol);
  const made = await kit.generateMeta(signKey, name, protocol);
  // read again, so that each account has a public key of its own, as a receiver would
  const meta = kit.unsafeMarkVerified(kit.parseMeta(kit.formatMeta(made), protocol));
  const id = kit.createMetaID(meta, kit.NetworkType.main, protocol);
  if (decryptKey === signKey) return { id, meta, signKey, decryptKey };
  const profile = kit.createProfile(id, { key: decryptKey.publicKey.json });
  return { id, meta, signKey, decryptKey, profile: await kit.signProfile(profile, signKey) };
}
