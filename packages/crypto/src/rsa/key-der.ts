import { DerReader, derElement, Tag } from '../asn1/der.js';
import { KeyFormatError } from '../errors.js';
import { bitLength, bytesToInteger, integerToBytes } from './integers.js';
import type { RsaPrivateNumbers, RsaPublicNumbers } from './numbers.js';

/** A key as its DER says it, before any check of the numbers. */
export type RsaKeyNumbers =
  | { readonly kind: 'public'; readonly numbers: RsaPublicNumbers }
  | { readonly kind: 'private'; readonly numbers: RsaPrivateNumbers };

/** 1.2.840.113549.1.1.1, rsaEncryption. */
const rsaEncryption = /* @__PURE__ */ Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01);

/**
 * Reads any of the four forms of an RSA key, told apart by structure: SubjectPublicKeyInfo, PKCS#1 public,
 * PKCS#8, PKCS#1 private. Peers put bare PKCS#1 under the label of the others, so the label says nothing.
 *
 * Attributes of PKCS#8 are skipped; keys of more than two primes are refused.
 * @throws {KeyFormatError} none of the four
 * @see RFC 5280 4.1, RFC 8017 A.1, RFC 5208
 */
export function decodeKey(der: Uint8Array): RsaKeyNumbers {
  const outer = new DerReader(der);
  const key = outer.sequence();
  outer.end();
  if (key.nextTag === Tag.sequence) return { kind: 'public', numbers: readPublicKeyInfo(key) };
  const first = readInteger(key);
  if (key.nextTag === Tag.sequence) return { kind: 'private', numbers: readPrivateKeyInfo(first, key) };
  const second = readInteger(key);
  if (key.nextTag === undefined) return { kind: 'public', numbers: { modulus: first, exponent: second } };
  return { kind: 'private', numbers: readPrivateMembers(first, second, key) };
}

/** SubjectPublicKeyInfo, which is also the key data of the protocol. */
export function encodePublicKey(numbers: RsaPublicNumbers): Uint8Array {
  const algorithm = derElement(
    Tag.sequence,
    derElement(Tag.objectIdentifier, rsaEncryption),
    derElement(Tag.null),
  );
  const key = derElement(Tag.sequence, derInteger(numbers.modulus), derInteger(numbers.exponent));
  return derElement(Tag.sequence, algorithm, derElement(Tag.bitString, Uint8Array.of(0), key));
}

/** PKCS#1 RSAPrivateKey. The bytes are secret. */
export function encodePrivateKey(numbers: RsaPrivateNumbers): Uint8Array {
  return derElement(
    Tag.sequence,
    derInteger(0n),
    derInteger(numbers.modulus),
    derInteger(numbers.exponent),
    derInteger(numbers.privateExponent),
    derInteger(numbers.prime1),
    derInteger(numbers.prime2),
    derInteger(numbers.exponent1),
    derInteger(numbers.exponent2),
    derInteger(numbers.coefficient),
  );
}

/** An integer that is not negative. */
export function derInteger(value: bigint): Uint8Array {
  // one bit more than the number takes, for the sign
  return derElement(Tag.integer, integerToBytes(value, (bitLength(value) >> 3) + 1));
}

function readInteger(reader: DerReader): bigint {
  return bytesToInteger(reader.integer());
}

function readPublicKeyInfo(info: DerReader): RsaPublicNumbers {
  readAlgorithm(info);
  const bits = new DerReader(info.bitString());
  info.end();
  const key = bits.sequence();
  bits.end();
  const modulus = readInteger(key);
  const exponent = readInteger(key);
  key.end();
  return { modulus, exponent };
}

function readPrivateKeyInfo(version: bigint, info: DerReader): RsaPrivateNumbers {
  checkVersion(version);
  readAlgorithm(info);
  const octets = new DerReader(info.read(Tag.octetString));
  if (info.nextTag === Tag.context0) info.read(Tag.context0);
  info.end();
  const key = octets.sequence();
  octets.end();
  return readPrivateMembers(readInteger(key), readInteger(key), key);
}

function readPrivateMembers(version: bigint, modulus: bigint, key: DerReader): RsaPrivateNumbers {
  checkVersion(version);
  const numbers: RsaPrivateNumbers = {
    modulus,
    exponent: readInteger(key),
    privateExponent: readInteger(key),
    prime1: readInteger(key),
    prime2: readInteger(key),
    exponent1: readInteger(key),
    exponent2: readInteger(key),
    coefficient: readInteger(key),
  };
  key.end();
  return numbers;
}

function readAlgorithm(info: DerReader): void {
  const algorithm = info.sequence();
  algorithm.objectIdentifier(rsaEncryption, 'rsaEncryption');
  // RFC 3279 wants the null, some writers leave it out
  if (algorithm.nextTag !== undefined) algorithm.null();
  algorithm.end();
}

function checkVersion(version: bigint): void {
  if (version === 0n) return;
  throw new KeyFormatError(
    'RSA private key of another version; expected version 0, with two primes. Convert the key.',
  );
}
