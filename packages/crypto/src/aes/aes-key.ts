import { checkBytes } from '../check-arguments.js';
import { KeyFormatError } from '../errors.js';
import { encodeBase64 } from '../format/base64.js';
import type { JsonObject } from '../json.js';
import { type ExportableKey, exportSecret, type SymmetricKey, type SymmetricOptions } from '../keys.js';
import { decryptCbc, encryptCbc, isIv } from './cbc.js';
import { decryptCbcStream, encryptCbcStream } from './cbc-stream.js';
import { blockSize } from './pkcs7.js';

/**
 * A key of AES-CBC with PKCS#7 padding.
 *
 * The ciphertext is not authenticated: whoever can alter it can alter the plaintext, so use it only under a
 * signature, as messages do. All encryptions with one key share its iv unless an option gives another.
 */
export interface AesKey extends SymmetricKey, ExportableKey {
  readonly algorithm: 'AES';
  encryptStream(options?: SymmetricOptions): TransformStream<Uint8Array, Uint8Array>;
  decryptStream(options?: SymmetricOptions): TransformStream<Uint8Array, Uint8Array>;
}

/**
 * A key made of its bytes, which are copied.
 * @param data 16, 24 or 32 bytes
 * @param iv 16 bytes; zeros when absent
 * @param json the key object this was read from, whose other members are kept for export
 * @throws {TypeError} what is no bytes
 * @throws {KeyFormatError} another length
 */
export function createAesKey(data: Uint8Array, iv?: Uint8Array, json?: JsonObject): AesKey {
  return new CbcKey(data, iv, json);
}

// not exported: declarations that each file makes for itself cannot hold a method named by a symbol
class CbcKey implements AesKey {
  readonly algorithm = 'AES';
  readonly bits: number;
  readonly #data: Uint8Array;
  readonly #iv: Uint8Array;
  readonly #json: JsonObject | undefined;

  constructor(data: Uint8Array, iv: Uint8Array = new Uint8Array(blockSize), json?: JsonObject) {
    checkAesKey(data, iv);
    this.bits = data.length * 8;
    // not by slice(), which of a Buffer is a window on the caller's memory
    this.#data = Uint8Array.from(data);
    this.#iv = Uint8Array.from(iv);
    this.#json = json;
  }

  async encrypt(plaintext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    checkBytes(plaintext, 'plaintext');
    return encryptCbc(this.#data, iv, plaintext);
  }

  async decrypt(ciphertext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    checkBytes(ciphertext, 'ciphertext');
    return decryptCbc(this.#data, iv, ciphertext);
  }

  encryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    return encryptCbcStream(this.#data, iv);
  }

  decryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    return decryptCbcStream(this.#data, iv);
  }

  [exportSecret](): JsonObject {
    return formatAesKey(this.#data, this.#iv, this.#json);
  }
}

/**
 * @throws {TypeError} what is no bytes
 * @throws {KeyFormatError} lengths that keys of AES do not have
 */
export function checkAesKey(data: Uint8Array, iv: Uint8Array): void {
  checkBytes(data, 'data');
  if (data.length !== 16 && data.length !== 24 && data.length !== 32) {
    throw new KeyFormatError(`AES key: expected 16, 24 or 32 bytes, got ${data.length}.`);
  }
  if (!isIv(iv)) {
    throw new KeyFormatError(`AES key: expected an iv of 16 bytes, got ${iv.length}.`);
  }
}

/**
 * The key object, **secret included**: the members it came with, and `iv` always. Three members and no more when it
 * came with none: under a 1024-bit RSA key there is room for 117 bytes, and this takes 105 (v1.md 2.2).
 * @param json the key object that the key was read from
 */
export function formatAesKey(data: Uint8Array, iv: Uint8Array, json?: JsonObject): JsonObject {
  const ivText = encodeBase64(iv);
  if (json === undefined) return { algorithm: 'AES', data: encodeBase64(data), iv: ivText };
  const { algorithm = 'AES', data: dataText = encodeBase64(data) } = json;
  return { algorithm, data: dataText, ...json, iv: ivText };
}
