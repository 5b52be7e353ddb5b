import { concatBytes, randomBytes } from '@dimp/crypto';
import { nonceBytes, type Sealer, tagBytes } from '../sealer.js';
import { PortableSealer } from './portable-sealer.js';

/** AES-256-GCM of WebCrypto. */
export class WebSealer implements Sealer {
  readonly isSync = false;
  readonly #subtle: SubtleCrypto;
  readonly #key: Promise<CryptoKey>;

  constructor(key: Uint8Array, subtle: SubtleCrypto) {
    this.#subtle = subtle;
    this.#key = subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
    // whoever seals first hears of it
    this.#key.catch(() => undefined);
  }

  async seal(value: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
    const nonce = randomBytes(nonceBytes);
    const sealed = await this.#subtle.encrypt(settings(nonce, key), await this.#key, unshared(value));
    return concatBytes(nonce, new Uint8Array(sealed));
  }

  async open(sealed: Uint8Array, key: Uint8Array): Promise<Uint8Array | undefined> {
    if (sealed.length < nonceBytes + tagBytes) return undefined;
    const cryptoKey = await this.#key;
    const [nonce, body] = [sealed.subarray(0, nonceBytes), sealed.subarray(nonceBytes)];
    try {
      return new Uint8Array(await this.#subtle.decrypt(settings(nonce, key), cryptoKey, unshared(body)));
    } catch {
      // the tag does not fit, and nothing else can go wrong here; the caller tells which record it was
      return undefined;
    }
  }
}

/** WebCrypto, or portable code for pages that came over plain http and have none. */
export function createWebSealer(key: Uint8Array): Sealer {
  const { subtle } = globalThis.crypto as Partial<Crypto>;
  return subtle === undefined ? new PortableSealer(key) : new WebSealer(key, subtle);
}

function settings(nonce: Uint8Array, key: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: unshared(nonce), additionalData: unshared(key), tagLength: tagBytes * 8 };
}

/** WebCrypto takes no bytes in memory that is shared between threads. */
function unshared(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return data.buffer instanceof ArrayBuffer ? (data as Uint8Array<ArrayBuffer>) : new Uint8Array(data);
}
