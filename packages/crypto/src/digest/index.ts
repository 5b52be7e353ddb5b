/**
 * Digests of bytes. Each is one function, `Uint8Array` in and `Uint8Array` out.
 * @packageDocumentation
 */
export { keccak256 } from './keccak256.js';
export { md5 } from './md5.js';
export { ripemd160 } from './ripemd160.js';
export { sha1 } from './sha1.js';
export { sha256 } from './sha256.js';
