import { isPoint, isSecret } from '#ecc-curve';
import { decodePemBlock, findPemBlocks } from '../asn1/pem.js';
import { concatBytes } from '../bytes.js';
import { KeyFormatError } from '../errors.js';
import { decodeHex } from '../format/hex.js';
import type { JsonObject } from '../json.js';
import { limits } from '../limits.js';
import { readPrivateInfo, readPublicInfo } from './key-der.js';

/**
 * The point `04 || x || y` of a public key object.
 *
 * `data` is 130 hex digits, 128 without the leading 04, or a SubjectPublicKeyInfo in PEM. Compressed points
 * are refused, as peers do: the text of one is read as different keys by different peers (v2.md 3.2).
 * @throws {KeyFormatError} no such key, or a private one beside it: who shows that has lost it
 */
export function readPoint(json: JsonObject): Uint8Array {
  const text = readText(json);
  if (/ PRIVATE KEY-----/.test(text)) throw privateInPublic();
  const point = isHex(text, 130)
    ? decodeHex(text)
    : isHex(text, 128)
      ? concatBytes(Uint8Array.of(4), decodeHex(text))
      : readPublicInfo(readPem(text, ['PUBLIC KEY']));
  if (!isPoint(point)) {
    throw new KeyFormatError('ECC public key: expected an uncompressed point of the curve secp256k1.');
  }
  return point;
}

/**
 * The 32 bytes of a private key object: 64 hex digits, or PKCS#8 or SEC1 in PEM.
 * @throws {KeyFormatError}
 */
export function readSecret(json: JsonObject): Uint8Array {
  const text = readText(json);
  const secret = isHex(text, 64)
    ? decodeHex(text)
    : readPrivateInfo(readPem(text, ['PRIVATE KEY', 'EC PRIVATE KEY']));
  if (!isSecret(secret)) {
    throw new KeyFormatError(
      'ECC private key: expected 32 bytes, a number from 1 to below the order of the curve.',
    );
  }
  return secret;
}

function readText(json: JsonObject): string {
  const text = json['data'];
  if (typeof text === 'string' && text.length <= limits.keyText) return text;
  throw new KeyFormatError(`ECC key: expected text of at most ${limits.keyText} letters in data.`);
}

function isHex(text: string, length: number): boolean {
  return text.length === length && /^[0-9a-fA-F]+$/.test(text);
}

/** The bytes of the first block with one of the labels. */
function readPem(text: string, labels: readonly string[]): Uint8Array {
  const block = findPemBlocks(text).find(({ label }) => labels.includes(label));
  if (block !== undefined) return decodePemBlock(block);
  throw new KeyFormatError(`ECC key: expected hex digits or PEM text with the label ${labels.join(' or ')}.`);
}

function privateInPublic(): KeyFormatError {
  return new KeyFormatError(
    'ECC public key: a private key stands beside it. Consider it as known to others and make a new one.',
  );
}
