import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { derElement, Tag } from '../../src/asn1/der.js';
import { formatPemBlock } from '../../src/asn1/pem.js';
import type { JsonObject } from '../../src/json.js';
import { matchKeys } from '../../src/match.js';
import { parsePrivateKey, parsePublicKey } from '../../src/parse-key.js';
import { createRegistry } from '../../src/registry.js';
import {
  decodeKey,
  encodePrivateKey,
  encodePublicKey,
  formatPrivateKey,
  formatPublicKey,
  parsePrivateNumbers,
  parsePublicNumbers,
  rsa,
} from '../../src/rsa/index.js';
import { derInteger } from '../../src/rsa/key-der.js';
import { account, bytes, codeOf, fromBase64, fromHex, vectorCases } from './kit.js';

const context = { asymmetric: createRegistry('asymmetric algorithm', [rsa]) };
const hulk = parsePrivateNumbers(account('hulk').private_key);
const moki = parsePrivateNumbers(account('moki').private_key);

function pem(label: string, der: Uint8Array): JsonObject {
  return Object.freeze({ algorithm: 'RSA', data: formatPemBlock(label, der) });
}

describe('published vectors', () => {
  const refused = { refused: true };

  it.each(vectorCases('keys.json', 'public-key'))('$name', ({ in: input, out }) => {
    const json = input['key'] as JsonObject;
    if (out['refused'] === true) {
      let read: unknown = refused;
      try {
        read = parsePublicKey(json, context);
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/^ERR_(PARSE|UNSUPPORTED|KEY_FORMAT)$/);
      }
      expect(read).toBe(refused);
      return;
    }
    const key = parsePublicKey(json, context);
    const numbers = parsePublicNumbers(json);
    expect(key.bits).toBe(out['bits']);
    expect(key.json).toBe(json);
    expect(key.material).toEqual(fromBase64(out['der']));
    expect(numbers.modulus.toString(16)).toBe(out['modulus']);
    expect(numbers.exponent).toBe(BigInt(out['exponent'] as number));
    expect(formatPublicKey(numbers)['data']).toBe(out['pem']);
  });

  it.each(vectorCases('keys.json', 'private-key'))('$name', ({ in: input, out }) => {
    const json = input['key'] as JsonObject;
    if (out['refused'] === true) {
      let read: unknown = refused;
      try {
        read = parsePrivateKey(json, context);
      } catch (error) {
        expect((error as { code: string }).code).toMatch(/^ERR_(PARSE|UNSUPPORTED|KEY_FORMAT)$/);
      }
      expect(read).toBe(refused);
      return;
    }
    const key = parsePrivateKey(json, context);
    const numbers = parsePrivateNumbers(json);
    expect(key.bits).toBe(out['bits']);
    expect(numbers.modulus.toString(16)).toBe(out['modulus']);
    expect(encodePrivateKey(numbers)).toEqual(fromBase64(out['der']));
    expect(key.publicKey.json).toEqual(out['public_key']);
  });

  it.each(vectorCases('keys.json', 'key-match'))('$name', async ({ in: input, out }) => {
    const publicKey = parsePublicKey(input['public_key'], context);
    const privateKey = parsePrivateKey(input['private_key'], context);
    expect(await matchKeys(publicKey, privateKey)).toBe(out['match']);
  });
});

describe('structure decides, not the label', () => {
  const spki = encodePublicKey(hulk);
  const pkcs1 = derElement(Tag.sequence, derInteger(hulk.modulus), derInteger(hulk.exponent));
  const node = createPrivateKey(account('hulk').private_key['data'] as string);
  const pkcs8 = bytes(node.export({ format: 'der', type: 'pkcs8' }));
  const pkcs1Private = bytes(node.export({ format: 'der', type: 'pkcs1' }));

  it.each([
    ['PUBLIC KEY', spki],
    ['PUBLIC KEY', pkcs1],
    ['RSA PUBLIC KEY', spki],
    ['RSA PUBLIC KEY', pkcs1],
  ])('%s is read', (label, der) => {
    expect(parsePublicNumbers(pem(label, der))).toEqual({ modulus: hulk.modulus, exponent: 65537n });
  });

  it.each([
    ['PRIVATE KEY', pkcs8],
    ['PRIVATE KEY', pkcs1Private],
    ['RSA PRIVATE KEY', pkcs8],
    ['RSA PRIVATE KEY', pkcs1Private],
  ])('%s is read', (label, der) => {
    expect(parsePrivateNumbers(pem(label, der))).toEqual(hulk);
  });

  it.each([
    ['PUBLIC KEY', pkcs8],
    ['RSA PUBLIC KEY', pkcs1Private],
    ['PRIVATE KEY', pkcs8],
    ['ENCRYPTED PRIVATE KEY', pkcs8],
    ['CERTIFICATE', spki],
    ['PUBLIC KEY', new Uint8Array(0)],
    ['PUBLIC KEY', fromHex('3000')],
  ])('%s is refused as a public key', (label, der) => {
    expect(codeOf(() => rsa.parsePublicKey(pem(label, der)))).toBe('ERR_KEY_FORMAT');
  });

  it.each([
    ['PRIVATE KEY', spki],
    ['RSA PRIVATE KEY', pkcs1],
    ['PUBLIC KEY', spki],
    ['PUBLIC KEY', pkcs8],
    ['EC PRIVATE KEY', pkcs8],
  ])('%s is refused as a private key', (label, der) => {
    expect(codeOf(() => rsa.parsePrivateKey(pem(label, der)))).toBe('ERR_KEY_FORMAT');
  });

  it('never takes a text for public that also holds the private key', () => {
    const both = `${formatPemBlock('PUBLIC KEY', spki)}\n${formatPemBlock('RSA PRIVATE KEY', pkcs1Private)}`;
    expect(codeOf(() => rsa.parsePublicKey({ data: both }))).toBe('ERR_KEY_FORMAT');
    expect(parsePrivateNumbers({ data: both })).toEqual(hulk);
  });

  it('takes the last private block, and RSA PRIVATE KEY before PRIVATE KEY', () => {
    const [first, second] = [formatPrivateKey(hulk)['data'], formatPrivateKey(moki)['data']];
    const other = formatPemBlock('PRIVATE KEY', pkcs8);
    expect(parsePrivateNumbers({ data: `${first}\n${second}` })).toEqual(moki);
    expect(parsePrivateNumbers({ data: `${second}\n${other}` })).toEqual(moki);
  });

  it('does not choose between two public keys', () => {
    const text = `${formatPublicKey(hulk)['data']}\n${formatPublicKey(moki)['data']}`;
    expect(codeOf(() => rsa.parsePublicKey({ data: text }))).toBe('ERR_KEY_FORMAT');
  });

  it.each([undefined, null, 5, {}, ['x']])('refuses %j for data', data => {
    const json = (data === undefined ? {} : { data }) as JsonObject;
    expect(codeOf(() => rsa.parsePublicKey(json))).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => rsa.parsePrivateKey(json))).toBe('ERR_KEY_FORMAT');
  });

  it('refuses every proper beginning of a key, and every continuation', () => {
    for (const der of [spki, pkcs1, pkcs8, pkcs1Private]) {
      for (let length = 0; length < der.length; length++) {
        expect(codeOf(() => decodeKey(der.subarray(0, length)))).toBe('ERR_KEY_FORMAT');
      }
      expect(codeOf(() => decodeKey(Uint8Array.of(...der, 0)))).toBe('ERR_KEY_FORMAT');
    }
  });

  it('refuses other algorithms in the same coat', () => {
    for (const { publicKey, privateKey } of [
      generateKeyPairSync('rsa-pss', { modulusLength: 1024 }),
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    ]) {
      const open = bytes(publicKey.export({ format: 'der', type: 'spki' }));
      const secret = bytes(privateKey.export({ format: 'der', type: 'pkcs8' }));
      expect(codeOf(() => decodeKey(open))).toBe('ERR_KEY_FORMAT');
      expect(codeOf(() => decodeKey(secret))).toBe('ERR_KEY_FORMAT');
    }
  });

  it('reads a missing null and attributes, refuses another version', () => {
    const oid = fromHex('06092a864886f70d010101');
    const bits = derElement(Tag.bitString, Uint8Array.of(0), pkcs1);
    const octets = derElement(Tag.octetString, pkcs1Private);
    const bare = derElement(Tag.sequence, oid);
    expect(decodeKey(derElement(Tag.sequence, bare, bits)).kind).toBe('public');
    const attributes = derElement(Tag.context0, fromHex('0500'));
    expect(decodeKey(derElement(Tag.sequence, derInteger(0n), bare, octets, attributes)).kind).toBe(
      'private',
    );
    expect(codeOf(() => decodeKey(derElement(Tag.sequence, derInteger(1n), bare, octets)))).toBe(
      'ERR_KEY_FORMAT',
    );
    const multi = bytes(pkcs1Private);
    multi[6] = 1;
    expect(codeOf(() => decodeKey(multi))).toBe('ERR_KEY_FORMAT');
  });
});

describe('private keys are consistent', () => {
  it.each([
    ['modulus', 2n],
    ['privateExponent', 2n],
    ['prime1', 2n],
    ['prime2', 2n],
    ['exponent1', 1n],
    ['exponent2', 1n],
    ['coefficient', 1n],
  ] as const)('a changed %s is refused', (member, change) => {
    const numbers = { ...hulk, [member]: hulk[member] + change };
    expect(codeOf(() => parsePrivateNumbers(formatPrivateKey(numbers)))).toBe('ERR_KEY_FORMAT');
  });

  it('primes swapped without their companions, or taken from two keys, are refused', () => {
    const swapped = { ...hulk, prime1: hulk.prime2, prime2: hulk.prime1 };
    const mixed = { ...hulk, modulus: moki.modulus };
    const trivial = { ...hulk, prime1: hulk.modulus, prime2: 1n };
    const zero = { ...hulk, prime1: 0n };
    for (const numbers of [swapped, mixed, trivial, zero]) {
      expect(codeOf(() => parsePrivateNumbers(formatPrivateKey(numbers)))).toBe('ERR_KEY_FORMAT');
    }
  });

  it('numbers grown by a multiple, which give the same results, are refused too', () => {
    const phi1 = hulk.prime1 - 1n;
    for (const numbers of [
      { ...hulk, exponent1: hulk.exponent1 + phi1 },
      { ...hulk, coefficient: hulk.coefficient + hulk.prime1 },
      { ...hulk, privateExponent: hulk.privateExponent + phi1 * (hulk.prime2 - 1n) },
    ]) {
      expect(codeOf(() => parsePrivateNumbers(formatPrivateKey(numbers)))).toBe('ERR_KEY_FORMAT');
    }
  });
});

describe('written keys', () => {
  it('are read by the platform and come back', () => {
    const open = formatPublicKey(hulk);
    const secret = formatPrivateKey(hulk);
    expect(Object.keys(open)).toEqual(['algorithm', 'data', 'mode', 'padding', 'digest']);
    expect(Object.keys(secret)).toEqual(Object.keys(open));
    expect(createPublicKey(open['data'] as string).asymmetricKeyDetails).toMatchObject({
      modulusLength: 1024,
    });
    expect(createPrivateKey(secret['data'] as string).asymmetricKeyType).toBe('rsa');
    expect(parsePublicNumbers(open)).toEqual({ modulus: hulk.modulus, exponent: hulk.exponent });
    expect(parsePrivateNumbers(secret)).toEqual(hulk);
  });
});
