import { cbc } from '@noble/ciphers/aes.js';

/** The encryption of whole blocks without padding. The last block of the result is the iv of the next. */
export function encryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  return cbc(key, iv, { disablePadding: true }).encrypt(blocks);
}

/** The decryption of whole blocks, padding included. The last block of `blocks` is the iv of the next. */
export function decryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  return cbc(key, iv, { disablePadding: true }).decrypt(blocks);
}
