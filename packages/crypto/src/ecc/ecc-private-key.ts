import { isSecret, pointOf } from '#ecc-curve';
import { checkBytes } from '../check-arguments.js';
import { KeyFormatError } from '../errors.js';
import type { JsonObject } from '../json.js';
import { type ExportableKey, exportSecret, type PrivateKey, type PublicKey } from '../keys.js';
import { createEccPublicKey } from './ecc-public-key.js';
import { formatKey } from './key-format.js';
import { sign } from './secp256k1.js';

/** A private key of ECDSA over secp256k1. It signs; decrypting needs a key of another algorithm. */
export interface EccPrivateKey extends PrivateKey, ExportableKey {
  readonly algorithm: 'ECC';
}

/**
 * A private key made of its bytes, which are copied.
 * @param secret 32 bytes
 * @param json the key object this was read from, given back by export
 * @throws {KeyFormatError} zero, or not below the order of the curve
 */
export function createEccPrivateKey(secret: Uint8Array, json?: JsonObject): EccPrivateKey {
  return new Secp256k1PrivateKey(secret, json);
}

// not exported: declarations that each file makes for itself cannot hold a method named by a symbol
class Secp256k1PrivateKey implements EccPrivateKey {
  readonly algorithm = 'ECC';
  readonly bits = 256;
  readonly publicKey: PublicKey;
  readonly #secret: Uint8Array;
  readonly #json: JsonObject | undefined;

  constructor(secret: Uint8Array, json: JsonObject | undefined) {
    if (!isSecret(secret))
      throw new KeyFormatError('ECC private key: expected 32 bytes within the order of the curve.');
    // not by slice(), which of a Buffer is a window on the caller's memory
    this.#secret = Uint8Array.from(secret);
    this.#json = json;
    this.publicKey = createEccPublicKey(pointOf(secret));
  }

  async sign(data: Uint8Array): Promise<Uint8Array> {
    checkBytes(data, 'data');
    return sign(data, this.#secret);
  }

  [exportSecret](): JsonObject {
    return this.#json ?? formatKey(this.#secret);
  }
}
