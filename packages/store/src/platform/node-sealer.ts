import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import { nonceBytes, type Sealer, tagBytes } from '../sealer.js';

/** Random bytes are drawn for many nonces at once; each is used for one record and never again. */
const poolBytes: number = nonceBytes * 512;

/** AES-256-GCM of `node:crypto`. */
export class NodeSealer implements Sealer {
  readonly isSync = true;
  readonly #key: KeyObject;
  readonly #pool = Buffer.alloc(poolBytes);
  #used: number = poolBytes;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  seal(value: Uint8Array, key: Uint8Array): Uint8Array {
    // a place in a pool: making a buffer of its own for every record costs half as much again as the cipher's start
    const sealed = Buffer.allocUnsafe(nonceBytes + value.length + tagBytes);
    this.#putNonce(sealed);
    const cipher = createCipheriv('aes-256-gcm', this.#key, sealed.subarray(0, nonceBytes));
    cipher.setAAD(key);
    cipher.update(value).copy(sealed, nonceBytes);
    cipher.final();
    cipher.getAuthTag().copy(sealed, nonceBytes + value.length);
    return sealed;
  }

  open(sealed: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const end = sealed.length - tagBytes;
    if (end < nonceBytes) return undefined;
    const nonce = sealed.subarray(0, nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(key);
    decipher.setAuthTag(sealed.subarray(end));
    const { buffer, byteOffset, byteLength } = decipher.update(sealed.subarray(nonceBytes, end));
    try {
      decipher.final();
    } catch {
      // the tag does not fit, and nothing else can go wrong here; the caller tells which record it was
      return undefined;
    }
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  #putNonce(sealed: Buffer): void {
    if (this.#used === poolBytes) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    this.#pool.copy(sealed, 0, this.#used, this.#used + nonceBytes);
    this.#used += nonceBytes;
  }
}
