import { inspect } from 'node:util';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { exportKey } from '../../src/keys.js';
import {
  createRsaPrivateKey,
  createRsaPublicKey,
  formatPublicKey,
  parsePrivateNumbers,
  rsa,
} from '../../src/rsa/index.js';
import { bytesToInteger, integerToBytes } from '../../src/rsa/integers.js';
import { privateNumbersOf } from '../../src/rsa/numbers.js';
import { account, accounts, codeOf, flipBit, fromBase64, seededBytes, vectorCases } from './kit.js';

const publicKey = rsa.parsePublicKey(account('hulk').meta.key);
const numbers = parsePrivateNumbers(account('hulk').private_key);
const privateKey = rsa.parsePrivateKey(account('hulk').private_key);
const { encryption } = publicKey;
const { decryption } = privateKey;
if (encryption === undefined || decryption === undefined) throw new Error('RSA keys encrypt');

describe('published vectors', () => {
  const privateOf = (name: unknown) => rsa.parsePrivateKey(account(name as string).private_key);

  it.each(vectorCases('rsa.json', 'rsa-capacity'))('$name', async ({ in: input, out }) => {
    const key = rsa.parsePublicKey(account(input['user'] as string).meta.key);
    expect(key.encryption?.capacity).toBe(out['max_plaintext']);
    expect((await key.encryption?.encrypt(new Uint8Array(1)))?.length).toBe(out['ciphertext_length']);
  });

  it.each(vectorCases('rsa.json', 'rsa-sign'))('$name', async ({ in: input, out }) => {
    expect(await privateOf(input['user']).sign(fromBase64(input['data']))).toEqual(
      fromBase64(out['signature']),
    );
  });

  it.each(vectorCases('rsa.json', 'rsa-verify'))('$name', async ({ in: input, out }) => {
    const key = rsa.parsePublicKey(account(input['user'] as string).meta.key);
    const [data, signature] = [fromBase64(input['data']), fromBase64(input['signature'])];
    expect(await key.verify(data, signature)).toBe(out['valid']);
  });

  it.each(vectorCases('rsa.json', 'rsa-decrypt'))('$name', async ({ in: input, out }) => {
    const plaintext = await privateOf(input['user']).decryption?.decrypt(fromBase64(input['ciphertext']));
    expect(plaintext).toEqual(fromBase64(out['plaintext']));
  });

  it.each(vectorCases('rsa.json', 'rsa-decrypt-wrong'))('$name', async ({ in: input, out }) => {
    let result: unknown;
    try {
      result = await privateOf(input['user']).decryption?.decrypt(fromBase64(input['ciphertext']));
    } catch (error) {
      result = (error as { code: string }).code;
    }
    expect(result).not.toEqual(fromBase64(out['never']));
    if (typeof result === 'string') expect(result).toBe('ERR_DECRYPT');
  });

  it.each(Object.entries(accounts))('the keys of %s belong together', (_, { meta, private_key }) => {
    expect(rsa.parsePrivateKey(private_key).publicKey.material).toEqual(
      rsa.parsePublicKey(meta.key).material,
    );
  });
});

describe('signatures', () => {
  const data = seededBytes(7)(50);

  test.prop([fc.uint8Array({ maxLength: 300 })])('verify over what was signed', async signed => {
    expect(await publicKey.verify(signed, await privateKey.sign(signed))).toBe(true);
  });

  it('are refused with any bit flipped, in signature or data', async () => {
    const signature = await privateKey.sign(data);
    for (let bit = 0; bit < signature.length * 8; bit++) {
      expect(await publicKey.verify(data, flipBit(signature, bit))).toBe(false);
    }
    for (let bit = 0; bit < data.length * 8; bit++) {
      expect(await publicKey.verify(flipBit(data, bit), signature)).toBe(false);
    }
  });

  it('are refused under a modulus with any bit flipped', async () => {
    const signature = await privateKey.sign(data);
    for (let bit = 1; bit < 1023; bit++) {
      const modulus = bytesToInteger(flipBit(integerToBytes(numbers.modulus, 128), bit));
      expect(await createRsaPublicKey({ ...numbers, modulus }).verify(data, signature)).toBe(false);
    }
    // the top and the last bit do not even make a key
    for (const bit of [0, 1023]) {
      const modulus = bytesToInteger(flipBit(integerToBytes(numbers.modulus, 128), bit));
      expect(codeOf(() => rsa.parsePublicKey(formatPublicKey({ ...numbers, modulus })))).toBe(
        'ERR_KEY_FORMAT',
      );
    }
  });

  it('of another length are not valid, and no error', async () => {
    const signature = await privateKey.sign(data);
    for (const wrong of [
      new Uint8Array(0),
      signature.subarray(1),
      signature.subarray(0, 127),
      Uint8Array.of(0, ...signature),
      Uint8Array.of(...signature, 0),
    ]) {
      expect(await publicKey.verify(data, wrong)).toBe(false);
    }
  });

  it('are refused when they are the modulus larger', async () => {
    const key = rsa.parsePrivateKey(account('anna').private_key);
    const { modulus } = parsePrivateNumbers(account('anna').private_key);
    // of some data the signature is small enough for the sum to fit
    for (let i = 0; ; i++) {
      const signed = Uint8Array.of(i);
      const sum = bytesToInteger(await key.sign(signed)) + modulus;
      if (sum >= 1n << 1024n) continue;
      expect(await key.publicKey.verify(signed, integerToBytes(sum, 128))).toBe(false);
      break;
    }
    expect(await publicKey.verify(data, integerToBytes(numbers.modulus, 128))).toBe(false);
    expect(await publicKey.verify(data, new Uint8Array(128).fill(255))).toBe(false);
  });

  it('need a modulus that holds the digest', async () => {
    const tiny = createRsaPrivateKey(privateNumbersOf(2n ** 255n - 19n, 2n ** 127n - 1n, 65537n));
    await expect(tiny.sign(data)).rejects.toThrow(RangeError);
  });
});

describe('encryption', () => {
  test.prop([fc.uint8Array({ maxLength: 117 })])('comes back', async plaintext => {
    expect(await decryption.decrypt(await encryption.encrypt(plaintext))).toEqual(plaintext);
  });

  it('takes every length up to capacity, refuses the next', async () => {
    const random = seededBytes(8);
    for (let length = 0; length <= encryption.capacity; length++) {
      const plaintext = random(length);
      expect(await decryption.decrypt(await encryption.encrypt(plaintext))).toEqual(plaintext);
    }
    await expect(encryption.encrypt(new Uint8Array(encryption.capacity + 1))).rejects.toThrow(RangeError);
  });

  it('is never the same twice', async () => {
    const plaintext = new Uint8Array(5);
    expect(await encryption.encrypt(plaintext)).not.toEqual(await encryption.encrypt(plaintext));
  });

  it('gives nothing of the plaintext with any bit of the ciphertext flipped', async () => {
    const plaintext = seededBytes(9)(40);
    const ciphertext = await encryption.encrypt(plaintext);
    for (let bit = 0; bit < ciphertext.length * 8; bit++) {
      let result: unknown;
      try {
        result = await decryption.decrypt(flipBit(ciphertext, bit));
      } catch (error) {
        result = (error as { code: string }).code;
      }
      expect(result).not.toEqual(plaintext);
      if (typeof result === 'string') expect(result).toBe('ERR_DECRYPT');
    }
  });

  it('rejects implicitly and always alike, also with a key read again', async () => {
    const foreign = integerToBytes(12345n, 128);
    const again = rsa.parsePrivateKey(account('hulk').private_key);
    expect(await decryption.decrypt(foreign)).toEqual(await again.decryption?.decrypt(foreign));
  });

  it('refuses other lengths and numbers from the modulus on', async () => {
    const ciphertext = await encryption.encrypt(new Uint8Array(3));
    for (const wrong of [
      new Uint8Array(0),
      ciphertext.subarray(1),
      Uint8Array.of(0, ...ciphertext),
      Uint8Array.of(...ciphertext, 0),
      integerToBytes(numbers.modulus, 128),
      new Uint8Array(128).fill(255),
    ]) {
      await expect(decryption.decrypt(wrong)).rejects.toMatchObject({ code: 'ERR_DECRYPT' });
    }
  });
});

describe('key objects', () => {
  it('go by one name, whatever they were called', () => {
    for (const algorithm of ['SHA256withRSA', 'RSA/ECB/PKCS1Padding']) {
      const json = Object.freeze({ ...account('hulk').private_key, algorithm, sizeInBits: 1024 });
      const key = rsa.parsePrivateKey(json);
      expect(key.algorithm).toBe('RSA');
      expect(exportKey(key)).toBe(json);
      expect(key.publicKey.json).toEqual(formatPublicKey(numbers));
      expect(key.publicKey.algorithm).toBe('RSA');
    }
    expect([rsa.code, ...(rsa.aliases ?? [])]).toEqual(['RSA', 'SHA256withRSA', 'RSA/ECB/PKCS1Padding']);
  });

  it('show nothing secret to logs and JSON', () => {
    const key = createRsaPrivateKey(numbers);
    const shown = [
      JSON.stringify(key),
      JSON.stringify({ ...key }),
      String(key),
      inspect(key, { depth: Infinity, showHidden: true, getters: true }),
      Object.getOwnPropertyNames(key).join(),
    ].join('\n');
    const { modulus, exponent, ...secrets } = numbers;
    expect(shown).toContain((formatPublicKey({ modulus, exponent })['data'] as string).split('\n')[2]);
    expect(shown).not.toContain('PRIVATE');
    expect(shown).not.toContain((exportKey(key)['data'] as string).split('\n')[5]);
    for (const secret of Object.values(secrets)) {
      expect(shown).not.toContain(secret.toString());
      expect(shown).not.toContain(secret.toString(16));
    }
  });
});
