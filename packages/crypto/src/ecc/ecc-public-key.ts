import { isPoint } from '#ecc-curve';
import { checkBytes } from '../check-arguments.js';
import { KeyFormatError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { PublicKey } from '../keys.js';
import { formatKey, materialOf } from './key-format.js';
import { verify } from './secp256k1.js';

/**
 * A public key of ECDSA over secp256k1. It cannot encrypt.
 *
 * `material` is `04 || x || y`, 65 bytes; or the 33 bytes of the compressed point when the key object says
 * `compressed: true`, because an address made from such a key is made from those (v2.md 3.2).
 */
export interface EccPublicKey extends PublicKey {
  readonly algorithm: 'ECC';
}

/**
 * A public key made of its point, which is copied.
 * @param point 65 bytes, `04 || x || y`
 * @param json the key object this was read from; the one form that is written when absent
 * @throws {KeyFormatError} no point of the curve
 */
export function createEccPublicKey(point: Uint8Array, json?: JsonObject): EccPublicKey {
  return new Secp256k1PublicKey(point, json);
}

class Secp256k1PublicKey implements EccPublicKey {
  readonly algorithm = 'ECC';
  readonly bits = 256;
  readonly material: Uint8Array;
  readonly json: JsonObject;
  readonly #point: Uint8Array;

  constructor(point: Uint8Array, json: JsonObject = formatKey(point)) {
    if (!isPoint(point))
      throw new KeyFormatError('ECC public key: expected an uncompressed point, 65 bytes.');
    // not by slice(), which of a Buffer is a window on the caller's memory
    this.#point = Uint8Array.from(point);
    this.material = materialOf(point, json);
    this.json = json;
  }

  async verify(data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    checkBytes(data, 'data');
    checkBytes(signature, 'signature');
    return verify(data, signature, this.#point);
  }

  /** The key object as on the wire, which `JSON.stringify` then shows. */
  toJSON(): JsonObject {
    return this.json;
  }
}
