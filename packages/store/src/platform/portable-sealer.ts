import { concatBytes, randomBytes } from '@dimp/crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { nonceBytes, type Sealer, tagBytes } from '../sealer.js';

/** AES-256-GCM in portable code. */
export class PortableSealer implements Sealer {
  readonly isSync = true;
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key.slice();
  }

  seal(value: Uint8Array, key: Uint8Array): Uint8Array {
    const nonce = randomBytes(nonceBytes);
    return concatBytes(nonce, gcm(this.#key, nonce, key).encrypt(value));
  }

  open(sealed: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    if (sealed.length < nonceBytes + tagBytes) return undefined;
    try {
      return gcm(this.#key, sealed.subarray(0, nonceBytes), key).decrypt(sealed.subarray(nonceBytes));
    } catch {
      // the tag does not fit, and nothing else can go wrong here; the caller tells which record it was
      return undefined;
    }
  }
}
