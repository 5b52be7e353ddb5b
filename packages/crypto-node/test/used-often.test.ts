import { randomBytes } from '@dimp/crypto';
import { rsa as portableRsa } from '@dimp/crypto/rsa';
import { describe, expect, it } from '@jest/globals';
import { rsa } from '../src/index.js';
import { bytes, privateKeyOf } from './kit.js';

describe('a public key that is used often', () => {
  it('goes on encrypting and verifying as before', async () => {
    const owner = portableRsa.parsePrivateKey(privateKeyOf('hulk'));
    const key = rsa.parsePublicKey(owner.publicKey.json);
    const { encryption } = key;
    const { decryption } = owner;
    if (encryption === undefined || decryption === undefined) throw new Error('RSA encrypts');
    const data = randomBytes(100);
    const signature = await owner.sign(data);
    const forged = signature.map(byte => byte ^ 1);
    for (let use = 0; use < 60; use++) {
      const encrypted = await encryption.encrypt(data);
      // the portable private operation takes a millisecond
      if (use % 10 === 9) expect(bytes(await decryption.decrypt(encrypted))).toEqual(data);
      expect(await key.verify(data, signature)).toBe(true);
      expect(await key.verify(data, forged)).toBe(false);
    }
    expect(key.json).toEqual(owner.publicKey.json);
    await expect(encryption.encrypt(new Uint8Array(118))).rejects.toThrow(RangeError);
  });
});
