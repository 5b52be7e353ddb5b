import { DerReader, derError, Tag } from '../asn1/der.js';

const ecPublicKey: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);
const secp256k1: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x0a);

/**
 * The point inside a SubjectPublicKeyInfo of secp256k1, in whatever form it stands there.
 * @throws {KeyFormatError} another structure, algorithm or curve
 * @see RFC 5480
 */
export function readPublicInfo(der: Uint8Array): Uint8Array {
  const info = only(new DerReader(der));
  readAlgorithm(info);
  const point = info.bitString();
  info.end();
  return point;
}

/**
 * The 32 bytes of a secret inside a PKCS#8 PrivateKeyInfo or a SEC1 ECPrivateKey of secp256k1. A public
 * point that stands beside it is not looked at.
 * @throws {KeyFormatError} another structure, algorithm or curve
 * @see RFC 5208, RFC 5915
 */
export function readPrivateInfo(der: Uint8Array): Uint8Array {
  const info = only(new DerReader(der));
  const version = info.integer();
  if (info.nextTag !== Tag.sequence) return readSecret(info, version, true);
  readAlgorithm(info);
  const key = only(new DerReader(info.read(Tag.octetString)));
  skip(info, Tag.context0);
  skip(info, Tag.context1);
  info.end();
  return readSecret(key, key.integer(), false);
}

/** @param curveNeeded whether nothing around it has told the curve */
function readSecret(key: DerReader, version: Uint8Array, curveNeeded: boolean): Uint8Array {
  if (version.length !== 1 || version[0] !== 1) throw derError('version 1 of an EC private key');
  const secret = key.read(Tag.octetString);
  if (curveNeeded || key.nextTag === Tag.context0) readCurve(new DerReader(key.read(Tag.context0)));
  skip(key, Tag.context1);
  key.end();
  return secret;
}

function readAlgorithm(info: DerReader): void {
  const algorithm = info.sequence();
  algorithm.objectIdentifier(ecPublicKey, 'ecPublicKey');
  readCurve(algorithm);
}

function readCurve(reader: DerReader): void {
  reader.objectIdentifier(secp256k1, 'secp256k1');
  reader.end();
}

function skip(reader: DerReader, tag: number): void {
  if (reader.nextTag === tag) reader.read(tag);
}

function only(reader: DerReader): DerReader {
  const inner = reader.sequence();
  reader.end();
  return inner;
}
