/**
 * AES: the shared keys of messages and files.
 *
 * Beside `aes` stands what a native implementation needs to behave the same: key objects to bytes and back, and the
 * padding, whose check takes the same time whatever is wrong.
 * @packageDocumentation
 */
export { type AesKey, checkAesKey, createAesKey, formatAesKey } from './aes-key.js';
export { aes, readAesKey } from './algorithm.js';
export { checkIv, isIv } from './cbc.js';
export { type CbcStep, cbcStream } from './cbc-stream.js';
export { padBlocks, unpaddedLength } from './pkcs7.js';
