import { compressPoint } from '#ecc-curve';
import { checkNumber } from '../check-arguments.js';
import { UsageError } from '../errors.js';
import { encodeHex } from '../format/hex.js';
import type { JsonObject } from '../json.js';

/**
 * The key object of a public or private key, in the one form that is written.
 * @param data the point as 65 bytes, `04 || x || y`, or the **secret** of 32
 */
export function formatKey(data: Uint8Array): JsonObject {
  return { algorithm: 'ECC', data: encodeHex(data), curve: 'SECP256k1', digest: 'SHA256' };
}

/**
 * What addresses and fingerprints of a public key are made of: a copy of its point, or the 33 bytes of the compressed
 * one when the key object says `compressed: true` (v2.md 3.2).
 */
export function materialOf(point: Uint8Array, json: JsonObject): Uint8Array {
  // not by slice(), which of a Buffer is a window on the caller's memory
  return json['compressed'] === true ? compressPoint(point) : Uint8Array.from(point);
}

/** @throws {UsageError} a strength that keys of this curve do not have @throws {TypeError} no number */
export function checkBits(bits: number): void {
  checkNumber(bits, 'bits');
  if (bits !== 256) throw new UsageError(`Keys of ECC have 256 bits, not ${bits}.`);
}
