/**
 * AES: the shared keys of messages and files.
 * @packageDocumentation
 */
export { type AesKey, createAesKey } from './aes-key.js';
export { aes, readAesKey } from './algorithm.js';
