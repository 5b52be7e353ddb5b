import { describe, expect, it } from '@jest/globals';
import { aes } from '../src/aes/index.js';
import { ecc } from '../src/ecc/index.js';
import {
  type AsymmetricAlgorithm,
  concatBytes,
  createRegistry,
  equalBytes,
  exportKey,
  type JsonObject,
  type PrivateKey,
  parsePrivateKey,
  parsePublicKey,
  parseSymmetricKey,
  randomBytes,
} from '../src/index.js';
import { equalPublicKey, matchKeys } from '../src/match.js';
import { plain, plainKey } from '../src/plain/index.js';
import { vectors } from './vectors.js';

interface KeyCase {
  readonly kind: string;
  readonly public: JsonObject;
  readonly private: JsonObject;
  readonly public_raw_hex: string;
}
const pairs = vectors<KeyCase>('v2/keys').filter(({ kind }) => kind === 'ecc');
const [first, second] = pairs as [KeyCase, KeyCase];
const context = {
  asymmetric: createRegistry<AsymmetricAlgorithm>('asymmetric algorithm', [ecc]),
  symmetric: createRegistry('symmetric algorithm', [aes]),
};

describe('parsing by the algorithm that is named', () => {
  it('reads each kind of key', () => {
    expect(parsePublicKey(first.public, context).algorithm).toBe('ECC');
    expect(parsePrivateKey(first.private, context).algorithm).toBe('ECC');
    const key = { algorithm: 'AES/CBC/PKCS7Padding', data: 'AAAAAAAAAAAAAAAAAAAAAA==' };
    expect(parseSymmetricKey(key, context).algorithm).toBe('AES');
  });

  it.each([
    ['no object', 5, 'ERR_PARSE'],
    ['no algorithm', { data: 'AAAA' }, 'ERR_PARSE'],
    ['an algorithm that is no text', { algorithm: 1, data: 'AAAA' }, 'ERR_PARSE'],
    ['an unknown algorithm', { algorithm: 'DES', data: 'AAAA' }, 'ERR_UNSUPPORTED'],
    ['other letters', { algorithm: 'aes', data: 'AAAA' }, 'ERR_UNSUPPORTED'],
    ['PLAIN, which is not in the registry', { algorithm: 'PLAIN' }, 'ERR_UNSUPPORTED'],
    ['a malformed key', { algorithm: 'AES', data: 'AAAA' }, 'ERR_KEY_FORMAT'],
  ])('refuses %s and names the place', (_, json, code) => {
    const expected = { code, path: expect.stringMatching(/^Message\.key/) };
    expect(() => parseSymmetricKey(json, context, 'Message.key')).toThrow(expect.objectContaining(expected));
  });

  it('names the kind of key when told no place', () => {
    for (const [parse, path] of [
      [parsePublicKey, 'PublicKey'],
      [parsePrivateKey, 'PrivateKey'],
      [parseSymmetricKey, 'SymmetricKey'],
    ] as const) {
      expect(() => parse(null, context)).toThrow(expect.objectContaining({ path }));
    }
  });
});

describe('keys match', () => {
  it('in whatever coat', async () => {
    const pem = ecc.parsePublicKey(first.public);
    const hex = ecc.parsePublicKey({ algorithm: 'SHA256withECDSA', data: first.public_raw_hex });
    const compressed = ecc.parsePublicKey({ ...first.public, compressed: true });
    const own = ecc.parsePrivateKey(first.private);
    expect(equalPublicKey(pem, hex)).toBe(true);
    expect(await matchKeys(hex, own)).toBe(true);
    // other key data, since addresses are made from it, and yet the same key
    expect(equalPublicKey(pem, compressed)).toBe(false);
    expect(await matchKeys(compressed, own)).toBe(true);
  });

  it('only with their own half', async () => {
    const other = ecc.parsePublicKey(second.public);
    expect(await matchKeys(other, ecc.parsePrivateKey(first.private))).toBe(false);
    expect(equalPublicKey(other, ecc.parsePublicKey(first.public))).toBe(false);
  });

  it('not across algorithms that happen to have equal bytes', () => {
    const key = ecc.parsePublicKey(first.public);
    const foreign = { ...key, algorithm: 'OTHER', verify: async () => false };
    expect(equalPublicKey(key, foreign)).toBe(false);
  });
});

describe('exportKey', () => {
  it('says so when a key keeps its bytes to itself', () => {
    const hardware: PrivateKey = {
      algorithm: 'ECC',
      bits: 256,
      publicKey: ecc.parsePublicKey(first.public),
      sign: async () => new Uint8Array(0),
    };
    expect(() => exportKey(hardware)).toThrow(
      expect.objectContaining({ code: 'ERR_UNSUPPORTED', value: 'ECC' }),
    );
  });
});

describe('PLAIN', () => {
  it('is one constant that returns its input', async () => {
    const data = Uint8Array.of(1, 2, 3);
    expect(plain.parseKey({ algorithm: 'PLAIN', data: 'AAAA' })).toBe(plainKey);
    expect(await plain.generateKey()).toBe(plainKey);
    expect(await plainKey.encrypt(data)).toBe(data);
    expect(await plainKey.decrypt(data)).toBe(data);
    expect(exportKey(plainKey)).toEqual({ algorithm: 'PLAIN' });
    expect(plainKey.bits).toBe(0);
    expect(Object.isFrozen(plainKey)).toBe(true);
  });
});

describe('bytes', () => {
  it('are put together in order', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    );
    expect(concatBytes()).toEqual(new Uint8Array(0));
  });

  it.each([
    [[], [], true],
    [[1, 2], [1, 2], true],
    [[1, 2], [1, 3], false],
    [[1], [1, 0], false],
  ])('%j and %j are equal: %s', (a, b, equal) => {
    expect(equalBytes(Uint8Array.from(a), Uint8Array.from(b))).toBe(equal);
  });

  it.each([-1, Number.NaN, 1.5, Number.POSITIVE_INFINITY, undefined as never])(
    'are not given by the length %p, which must not spoil those of others',
    length => {
      randomBytes(64);
      expect(() => randomBytes(length)).toThrow(RangeError);
      const next = randomBytes(16);
      expect(next).toHaveLength(16);
      expect(next.subarray(0, 8).every(byte => byte === 0)).toBe(false);
    },
  );

  it('are random for every length, beyond what the platform gives at once too', () => {
    expect(randomBytes(0)).toHaveLength(0);
    const many = randomBytes(200_000);
    expect(many).toHaveLength(200_000);
    for (const start of [0, 65_536, 131_072, 199_968]) {
      expect(many.subarray(start, start + 32).every(byte => byte === 0)).toBe(false);
    }
    expect(equalBytes(randomBytes(32), randomBytes(32))).toBe(false);
  });
});
