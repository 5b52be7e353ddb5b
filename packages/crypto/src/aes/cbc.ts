import { decryptBlocks, encryptBlocks } from '#aes-blocks';
import { checkBytes } from '../check-arguments.js';
import { DecryptError, UsageError } from '../errors.js';
import { blockSize, padBlocks, unpaddedLength } from './pkcs7.js';

/**
 * AES-CBC with PKCS#7 padding in one piece.
 * @throws {TypeError} when `iv` is no bytes
 * @throws {UsageError} when it has not sixteen
 */
export function encryptCbc(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  checkIv(iv);
  return encryptBlocks(key, iv, padBlocks(plaintext));
}

/**
 * @throws {TypeError} when `iv` is no bytes
 * @throws {DecryptError} for every failure, an `iv` of another length among them
 */
export function decryptCbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  if (!isIv(iv) || ciphertext.length % blockSize !== 0) throw new DecryptError();
  const padded = decryptBlocks(key, iv, ciphertext);
  return padded.subarray(0, unpaddedLength(padded));
}

/**
 * Whether an iv is one to encrypt with.
 * @throws {TypeError} when `iv` is no bytes
 * @throws {UsageError} when it has not sixteen
 */
export function checkIv(iv: Uint8Array): void {
  if (!isIv(iv)) throw new UsageError(`AES: expected an iv of 16 bytes, got ${iv.length}.`);
}

/** Whether an iv has sixteen bytes. @throws {TypeError} when it is no bytes at all */
export function isIv(iv: Uint8Array): boolean {
  checkBytes(iv, 'iv');
  return iv.length === blockSize;
}
