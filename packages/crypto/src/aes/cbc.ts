import { decryptBlocks, encryptBlocks } from '#aes-blocks';
import { DecryptError, UsageError } from '../errors.js';
import { blockSize, padBlocks, unpaddedLength } from './pkcs7.js';

/**
 * AES-CBC with PKCS#7 padding in one piece.
 * @throws {UsageError} when `iv` has not sixteen bytes
 */
export function encryptCbc(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  checkIv(iv);
  return encryptBlocks(key, iv, padBlocks(plaintext));
}

/** @throws {DecryptError} for every failure */
export function decryptCbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  if (iv.length !== blockSize || ciphertext.length === 0 || ciphertext.length % blockSize !== 0) {
    throw new DecryptError();
  }
  const padded = decryptBlocks(key, iv, ciphertext);
  return padded.subarray(0, unpaddedLength(padded));
}

/** @throws {UsageError} when `iv` has not sixteen bytes */
export function checkIv(iv: Uint8Array): void {
  if (iv.length !== blockSize) throw new UsageError(`An iv of AES has 16 bytes; this one has ${iv.length}.`);
}
