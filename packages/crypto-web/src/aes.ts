import {
  DecryptError,
  type ExportableKey,
  exportKey,
  exportSecret,
  type JsonObject,
  type SymmetricAlgorithm,
  type SymmetricKey,
  type SymmetricOptions,
} from '@dimp/crypto';
import { type AesKey, checkIv, createAesKey, isIv, aes as portableAes, readAesKey } from '@dimp/crypto/aes';
import { checkBytes } from '@dimp/crypto/check-arguments';
import { decryptInChunks, encryptInChunks } from './aes-stream.js';
import { importOnce, type PlatformKey, unshared } from './platform-key.js';

/**
 * From this many bytes on WebCrypto does the work. Measured in microseconds, encryption with portable code and
 * with WebCrypto, a new key imported for each message (4 to 11 more) not counted:
 *
 * | bytes | portable | Chromium 156 | Node 20, which hops to another thread |
 * | --- | --- | --- | --- |
 * | 100 | 5 | 5 | 59 |
 * | 4,096 | 36 to 87 | 18 | 54 |
 * | 8,192 | 73 to 92 | 31 | 55 |
 * | 65,536 | 550 to 1,100 | 190 | 146 |
 * | 1,000,000 | 8,200 to 19,600 | 4,700 | 1,600 |
 *
 * So it pays even where every call changes threads.
 */
export const platformBytes = 8192;

/** AES-CBC by WebCrypto for large data, and in portable code for all else and wherever `crypto.subtle` is missing. */
export const aes: SymmetricAlgorithm = {
  code: portableAes.code,
  aliases: portableAes.aliases ?? [],
  parseKey(json) {
    const { data, iv } = readAesKey(json);
    return new WebAesKey(data, iv, json);
  },
  generateKey: async options => aes.parseKey(exportKey(await portableAes.generateKey(options))),
};

class WebAesKey implements SymmetricKey, ExportableKey {
  readonly algorithm = 'AES';
  readonly bits: number;
  readonly #iv: Uint8Array;
  readonly #portable: AesKey;
  readonly #imported: () => Promise<PlatformKey | undefined>;

  constructor(data: Uint8Array, iv: Uint8Array = new Uint8Array(16), json?: JsonObject) {
    this.#iv = iv;
    this.#portable = createAesKey(data, iv, json);
    this.bits = this.#portable.bits;
    this.#imported = importOnce(subtle =>
      subtle.importKey('raw', unshared(data), 'AES-CBC', false, ['encrypt', 'decrypt']),
    );
  }

  async encrypt(plaintext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    checkBytes(plaintext, 'plaintext');
    const platform = await this.#platformFor(plaintext, iv);
    if (platform === undefined) return this.#portable.encrypt(plaintext, { iv });
    const { subtle, key } = platform;
    const settings = { name: 'AES-CBC', iv: unshared(iv) };
    return new Uint8Array(await subtle.encrypt(settings, key, unshared(plaintext)));
  }

  async decrypt(ciphertext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    checkBytes(ciphertext, 'ciphertext');
    const platform = await this.#platformFor(ciphertext, iv);
    if (platform === undefined) return this.#portable.decrypt(ciphertext, { iv });
    const { subtle, key } = platform;
    try {
      const settings = { name: 'AES-CBC', iv: unshared(iv) };
      return new Uint8Array(await subtle.decrypt(settings, key, unshared(ciphertext)));
    } catch {
      // length or padding: which of them must not be told
      throw new DecryptError();
    }
  }

  encryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    checkIv(iv);
    return encryptInChunks(this, iv);
  }

  decryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    if (!isIv(iv)) throw new DecryptError();
    return decryptInChunks(this, iv);
  }

  [exportSecret](): JsonObject {
    return exportKey(this.#portable);
  }

  /** Undefined where portable code is faster, and for what it must refuse. @throws {TypeError} an iv that is no bytes */
  async #platformFor(data: Uint8Array, iv: Uint8Array): Promise<PlatformKey | undefined> {
    return data.length >= platformBytes && isIv(iv) ? this.#imported() : undefined;
  }
}
