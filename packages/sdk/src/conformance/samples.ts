import { createRegistry, type JsonObject, type PrivateKey, type Verified } from '@dimp/crypto';
import { defaultAsymmetric } from '@dimp/crypto/defaults';
import { ecc } from '@dimp/crypto/ecc';
import { rsa } from '@dimp/crypto/rsa';
import {
  createMetaID,
  createProfile,
  generateMeta,
  type ID,
  type IdentityContext,
  type Meta,
  NetworkType,
  type Profile,
  signProfile,
  verifyMeta,
} from '@dimp/mkm';
import { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';

/** What samples are read with. */
export const sampleContext: IdentityContext = {
  asymmetric: createRegistry('asymmetric algorithm', defaultAsymmetric),
  addresses: defaultAddresses,
  metas: createRegistry('kind of meta', defaultMetas),
};

/** Somebody with a meta that belongs to the ID. */
export interface SampleUser {
  readonly id: ID;
  readonly meta: Verified<Meta>;
  readonly key: PrivateKey;
}

/** A new user, or with the number of a group's network a new group. */
export async function sampleUser(
  name: string,
  network: number = NetworkType.main,
  key?: PrivateKey,
): Promise<SampleUser> {
  const own = key ?? (await ecc.generatePrivateKey());
  const meta = await generateMeta(own, name, sampleContext);
  const id = createMetaID(meta, network, sampleContext);
  const verified = await verifyMeta(meta, id, sampleContext);
  if (verified === undefined) throw new Error('a new meta must belong to its ID');
  return { id, meta: verified, key: own };
}

/** A signed profile that holds members of later versions, too. */
export async function sampleProfile(
  { id, key }: SampleUser,
  properties: JsonObject,
): Promise<Verified<Profile>> {
  return signProfile({ ...createProfile(id, properties), extra: { 'x-later': [1, null, '…'] } }, key);
}

/** An RSA key as small as is allowed, since making it takes time. */
export function sampleRsaKey(): Promise<PrivateKey> {
  return rsa.generatePrivateKey({ bits: 1024 });
}
