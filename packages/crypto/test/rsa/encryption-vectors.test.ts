import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../src/json.js';
import { rsa } from '../../src/rsa/index.js';
import { vectors } from '../vectors.js';
import { fromBase64 } from './kit.js';

interface Case {
  readonly kind: string;
  readonly case?: string;
  readonly private?: JsonObject;
  readonly public?: JsonObject;
  readonly data?: string;
  readonly ciphertext?: string;
  readonly decrypts?: string;
}

const cases = vectors<Case>('v2/encryption').map((one, index) => ({ ...one, index }));

describe('vectors of generation 2: encryption.json, RSA', () => {
  it.each(cases.filter(({ kind }) => kind === 'rsa'))('$index decrypts', async vector => {
    const key = rsa.parsePrivateKey(vector.private as JsonObject);
    const data = fromBase64(vector.data);
    expect(await key.decryption?.decrypt(fromBase64(vector.ciphertext))).toEqual(fromBase64(vector.decrypts));
    const sent = await rsa.parsePublicKey(vector.public as JsonObject).encryption?.encrypt(data);
    expect(await key.decryption?.decrypt(sent as Uint8Array)).toEqual(data);
  });

  const negative = cases.filter(({ kind }) => kind === 'rsa-negative');

  it.each(negative.filter(one => one.private !== undefined))('$index $case', async vector => {
    const { bits, decryption } = rsa.parsePrivateKey(vector.private as JsonObject);
    const ciphertext = fromBase64(vector.ciphertext);
    if (ciphertext.length !== bits / 8) {
      const refusal = expect.objectContaining({ code: 'ERR_DECRYPT' });
      await expect(decryption?.decrypt(ciphertext)).rejects.toThrow(refusal);
      return;
    }
    const found = await decryption?.decrypt(ciphertext);
    // a substitute: always the same, and never what a key object looks like
    expect(await decryption?.decrypt(ciphertext)).toEqual(found);
    expect(readsAsKey(found as Uint8Array)).toBe(false);
  });

  it.each(negative.filter(one => one.public !== undefined))('$index $case', async vector => {
    const { encryption } = rsa.parsePublicKey(vector.public as JsonObject);
    await expect(encryption?.encrypt(fromBase64(vector.data))).rejects.toThrow(RangeError);
  });
});

function readsAsKey(data: Uint8Array): boolean {
  try {
    return isJsonObject(JSON.parse(Buffer.from(data).toString()));
  } catch {
    return false;
  }
}
