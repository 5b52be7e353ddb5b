import { createRegistry } from '@dimp/crypto';
import { defaultAsymmetric } from '@dimp/crypto/defaults';
import {
  createMetaID,
  createProfile,
  generateMeta,
  NetworkType,
  parseID,
  parseMeta,
  profileName,
  signProfile,
  verifyMeta,
  verifyProfile,
} from '@dimp/mkm';
import { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';
import type { Input } from './input.js';

const context = {
  asymmetric: createRegistry('asymmetric algorithm', defaultAsymmetric),
  addresses: defaultAddresses,
  metas: createRegistry('kind of meta', defaultMetas),
};

/** Checks a published identity, and makes one. */
export async function run({ user }: Input): Promise<unknown> {
  const published = parseID(user.id, context);
  const meta = parseMeta(user.meta, context);
  const checked = await verifyMeta(meta, published, context);

  const key = await context.asymmetric.get('ECC').generatePrivateKey();
  const id = createMetaID(await generateMeta(key, 'alice', context), NetworkType.main, context);
  const profile = await signProfile(createProfile(id, { name: 'Alice' }), key);
  const good = await verifyProfile(profile, id, [key.publicKey]);
  return {
    published: checked && published.text,
    name: good && profileName(good),
    foreign: (await verifyMeta(meta, id, context)) !== undefined,
  };
}
