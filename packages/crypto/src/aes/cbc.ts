import { cbc } from '@noble/ciphers/aes.js';
import { DecryptError, UsageError } from '../errors.js';
import { blockSize, padLastBlock, removePadding } from './pkcs7.js';

/**
 * AES-CBC with PKCS#7 padding in one piece.
 * @throws {UsageError} when `iv` has not sixteen bytes
 */
export function encryptCbc(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  checkIv(iv);
  const whole = plaintext.length - (plaintext.length % blockSize);
  const padded = new Uint8Array(whole + blockSize);
  padded.set(plaintext);
  padded.set(padLastBlock(plaintext.subarray(whole)), whole);
  return encryptBlocks(key, iv, padded);
}

/** @throws {DecryptError} for every failure */
export function decryptCbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  if (iv.length !== blockSize || ciphertext.length === 0 || ciphertext.length % blockSize !== 0) {
    throw new DecryptError();
  }
  return removePadding(decryptBlocks(key, iv, ciphertext));
}

/** The encryption of whole blocks without padding. The last block of the result is the iv of the next. */
export function encryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  return cbc(key, iv, { disablePadding: true }).encrypt(blocks);
}

/** The decryption of whole blocks, padding included. The last block of `blocks` is the iv of the next. */
export function decryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  return cbc(key, iv, { disablePadding: true }).decrypt(blocks);
}

/** @throws {UsageError} when `iv` has not sixteen bytes */
export function checkIv(iv: Uint8Array): void {
  if (iv.length !== blockSize) throw new UsageError(`An iv of AES has 16 bytes; this one has ${iv.length}.`);
}
