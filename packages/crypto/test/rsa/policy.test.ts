import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatPublicKey, parsePrivateNumbers, rsa } from '../../src/rsa/index.js';
import { checkModulusBits, checkPublicNumbers } from '../../src/rsa/policy.js';
import { account, codeOf } from './kit.js';

const hulk = parsePrivateNumbers(account('hulk').private_key);
const { modulus } = hulk;

/** An odd number of exactly so many bits. */
const odd = (bits: number) => (1n << BigInt(bits - 1)) | 1n;

describe('key policy', () => {
  it.each([1024, 1032, 2048, 3072, 4096])('a modulus of %i bits is taken', bits => {
    const key = rsa.parsePublicKey(formatPublicKey({ modulus: odd(bits), exponent: 65537n }));
    expect(key.bits).toBe(bits);
    expect(key.encryption?.capacity).toBe(bits / 8 - 11);
  });

  it.each([8, 512, 1016, 1023, 1025, 2047, 4095, 4097, 4104, 8192])(
    'a modulus of %i bits is refused',
    bits => {
      const parse = () => rsa.parsePublicKey(formatPublicKey({ modulus: odd(bits), exponent: 65537n }));
      expect(codeOf(parse)).toBe('ERR_KEY_FORMAT');
      expect(parse).toThrow(`RSA modulus of ${bits} bits; expected 1024 to 4096 bits`);
    },
  );

  it.each([0n, 1n, 3n, 17n, 65535n, 65536n, 65539n, 2n ** 32n + 1n, 2n ** 1023n + 1n])(
    'the exponent %s is refused',
    exponent => {
      const parse = () => rsa.parsePublicKey(formatPublicKey({ modulus, exponent }));
      expect(codeOf(parse)).toBe('ERR_KEY_FORMAT');
      expect(parse).toThrow('expected 65537');
    },
  );

  it('an even modulus, one with its top bit clear, and zero are refused', () => {
    for (const wrong of [modulus - 1n, modulus & ~(1n << 1023n), 0n]) {
      expect(codeOf(() => checkPublicNumbers({ modulus: wrong, exponent: 65537n }))).toBe('ERR_KEY_FORMAT');
    }
    expect(codeOf(() => checkPublicNumbers(hulk))).toBeUndefined();
  });

  it.each([0, -1024, 1024.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no number of bits', bits => {
    expect(codeOf(() => checkModulusBits(bits))).toBe('ERR_KEY_FORMAT');
  });

  it.each([
    { modulusLength: 512, publicExponent: 65537 },
    { modulusLength: 1024, publicExponent: 3 },
    { modulusLength: 1028, publicExponent: 65537 },
  ])('holds for private keys too: %j', options => {
    const { privateKey } = generateKeyPairSync('rsa', options);
    const data = privateKey.export({ format: 'pem', type: 'pkcs1' }) as string;
    expect(codeOf(() => rsa.parsePrivateKey({ algorithm: 'RSA', data }))).toBe('ERR_KEY_FORMAT');
  });

  it('holds for new keys', async () => {
    for (const bits of [512, 1000, 1025, 4104, Number.NaN]) {
      await expect(rsa.generatePrivateKey({ bits })).rejects.toMatchObject({ code: 'ERR_KEY_FORMAT' });
    }
  });
});
