import { type JsonObject, type PrivateKey, unsafeMarkVerified, type Verified } from '@dimp/crypto';
import { checkText } from '@dimp/crypto/check-arguments';
import { encodeBase64 } from '@dimp/crypto/format';
import type { IdentityContext } from './context.js';
import type { Meta } from './meta.js';

/**
 * Makes the meta of a name and a private key. The same name and key give the same meta when the algorithm
 * signs without randomness, as RSA does.
 * @param seed the name, 2 to 31 of `a-z A-Z 0-9 _ - .` by advice; never `@` or `/`
 * @throws {RangeError} a name that no ID can carry, or one with blanks or control characters, which people cannot tell
 *   apart; such names of others are read all the same
 * @throws {TypeError} no text
 */
export async function generateMeta(
  key: PrivateKey,
  seed: string,
  context: Pick<IdentityContext, 'metas'>,
  options: { readonly version?: number } = {},
): Promise<Verified<Meta>> {
  checkText(seed, 'seed');
  if (/[@/\s\p{Cc}\p{Surrogate}]/u.test(seed)) {
    throw new RangeError(
      `seed: expected Unicode text without "@", "/" and blanks, got ${JSON.stringify(seed)}`,
    );
  }
  const type = context.metas.get(options.version ?? 1);
  const parts = await type.generate(key, seed);
  const { publicKey } = key;
  const json: JsonObject = {
    version: type.code,
    ...(parts.seed === undefined ? {} : { seed: parts.seed }),
    key: publicKey.json,
    ...(parts.fingerprint === undefined ? {} : { fingerprint: encodeBase64(parts.fingerprint) }),
  };
  return unsafeMarkVerified<Meta>({ kind: type.kind, version: type.code, key: publicKey, ...parts, json });
}
