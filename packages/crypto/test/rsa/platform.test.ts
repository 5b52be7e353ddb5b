import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PrivateKey } from '../../src/keys.js';
import {
  encodePrivateKey,
  parsePrivateNumbers,
  rejectionSecret,
  rsa,
  unpadMessage,
} from '../../src/rsa/index.js';
import { bytes, seededBytes } from './kit.js';

// the platform's own implementation as the judge
describe.each([1024, 2048, 3072, 4096])('against node:crypto with %i bits', bits => {
  const random = seededBytes(bits);
  const node = generateKeyPairSync('rsa', { modulusLength: bits });
  const json = { algorithm: 'RSA', data: node.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string };
  let key: PrivateKey;

  beforeAll(() => {
    key = rsa.parsePrivateKey(json);
  });

  it('public key data is its SubjectPublicKeyInfo', () => {
    expect(key.publicKey.material).toEqual(bytes(node.publicKey.export({ format: 'der', type: 'spki' })));
    expect(key.bits).toBe(bits);
  });

  it('private keys are written as it writes them', () => {
    const der = node.privateKey.export({ format: 'der', type: 'pkcs1' });
    expect(encodePrivateKey(parsePrivateNumbers(json))).toEqual(bytes(der));
  });

  it.each([0, 1, 55, 64, 1000])('signatures over %i bytes are the same', async length => {
    const data = random(length);
    const signature = await key.sign(data);
    expect(signature).toEqual(bytes(sign('sha256', data, node.privateKey)));
    expect(verify('sha256', data, node.publicKey, signature)).toBe(true);
    expect(await key.publicKey.verify(data, signature)).toBe(true);
  });

  it('other digests and paddings are not accepted', async () => {
    const data = random(20);
    const pss = { key: node.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
    for (const signature of [
      sign('sha1', data, node.privateKey),
      sign('sha512', data, node.privateKey),
      sign('sha256', data, pss),
    ]) {
      expect(await key.publicKey.verify(data, bytes(signature))).toBe(false);
    }
  });

  it('what it encrypts is decrypted', async () => {
    for (const length of [0, 1, 32, bits / 8 - 11]) {
      const plaintext = random(length);
      const sent = publicEncrypt({ key: node.publicKey, padding: constants.RSA_PKCS1_PADDING }, plaintext);
      expect(await key.decryption?.decrypt(bytes(sent))).toEqual(plaintext);
    }
  });

  it('its bare operation and our unpadding decrypt as the whole does, substitutes included', async () => {
    const numbers = parsePrivateNumbers(json);
    const native = createPrivateKey({
      key: Buffer.from(encodePrivateKey(numbers)),
      format: 'der',
      type: 'pkcs1',
    });
    const secret = rejectionSecret(numbers);
    const plaintext = random(40);
    const good = (await key.publicKey.encryption?.encrypt(plaintext)) as Uint8Array;
    const bad = Uint8Array.of(0, ...random(bits / 8 - 1));
    for (const ciphertext of [good, bad]) {
      const block = bytes(privateDecrypt({ key: native, padding: constants.RSA_NO_PADDING }, ciphertext));
      expect(unpadMessage(block, ciphertext, secret)).toEqual(await key.decryption?.decrypt(ciphertext));
    }
    expect(await key.decryption?.decrypt(good)).toEqual(plaintext);
  });
});
