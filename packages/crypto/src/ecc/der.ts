import { equalBytes } from '../bytes.js';
import { KeyFormatError } from '../errors.js';

/** One element of ASN.1 in its distinguished form. */
interface Element {
  readonly tag: number;
  readonly body: Uint8Array;
}

const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  curve: 0xa0,
} as const;

const ecPublicKey: Uint8Array = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);
const secp256k1: Uint8Array = Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x0a);

/**
 * The point inside a SubjectPublicKeyInfo of secp256k1, in whatever form it stands there.
 * @throws {KeyFormatError} another structure, algorithm or curve
 */
export function readPublicInfo(der: Uint8Array): Uint8Array {
  const [algorithm, key, ...more] = elements(only(der, tags.sequence));
  checkAlgorithm(algorithm);
  const bits = bodyOf(key, tags.bitString);
  if (bits[0] !== 0 || more.length > 0) throw malformed();
  return bits.subarray(1);
}

/**
 * The 32 bytes of a secret inside a PKCS#8 PrivateKeyInfo or a SEC1 ECPrivateKey of secp256k1. A public
 * point that stands beside it is not looked at.
 * @throws {KeyFormatError} another structure, algorithm or curve
 */
export function readPrivateInfo(der: Uint8Array): Uint8Array {
  const body = only(der, tags.sequence);
  const [version, second, third] = elements(body);
  bodyOf(version, tags.integer);
  if (second?.tag !== tags.sequence) return readSecret(body, true);
  checkAlgorithm(second);
  return readSecret(only(bodyOf(third, tags.octetString), tags.sequence), false);
}

/** @param curveNeeded whether nothing around it has told the curve */
function readSecret(body: Uint8Array, curveNeeded: boolean): Uint8Array {
  const [version, secret, ...more] = elements(body);
  if (!equalBytes(bodyOf(version, tags.integer), Uint8Array.of(1))) throw malformed();
  const curve = more.find(element => element.tag === tags.curve);
  if (curve === undefined ? curveNeeded : !equalBytes(only(curve.body, tags.oid), secp256k1))
    throw otherKey();
  return bodyOf(secret, tags.octetString);
}

function checkAlgorithm(element: Element | undefined): void {
  const [algorithm, curve, ...more] = elements(bodyOf(element, tags.sequence));
  if (!equalBytes(bodyOf(algorithm, tags.oid), ecPublicKey) || more.length > 0) throw otherKey();
  if (!equalBytes(bodyOf(curve, tags.oid), secp256k1)) throw otherKey();
}

function bodyOf(element: Element | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) throw malformed();
  return element.body;
}

function only(data: Uint8Array, tag: number): Uint8Array {
  const [element, ...more] = elements(data);
  if (more.length > 0) throw malformed();
  return bodyOf(element, tag);
}

function elements(data: Uint8Array): Element[] {
  const list: Element[] = [];
  for (let offset = 0; offset < data.length; ) {
    const tag = data[offset] as number;
    let length = data[offset + 1] ?? 0x80;
    offset += 2;
    if (length === 0x81) {
      // keys of this curve take less than 256 bytes; a length below 128 has a shorter form
      length = data[offset++] ?? 0;
      if (length < 0x80) throw malformed();
    } else if (length > 0x7f) {
      throw malformed();
    }
    if (offset + length > data.length) throw malformed();
    list.push({ tag, body: data.subarray(offset, offset + length) });
    offset += length;
  }
  return list;
}

function malformed(): KeyFormatError {
  return new KeyFormatError('ECC key: the DER inside the PEM text is malformed.');
}

function otherKey(): KeyFormatError {
  return new KeyFormatError('ECC key: the PEM text holds no key of the curve secp256k1.');
}
