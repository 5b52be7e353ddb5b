import { md5 as digest } from '@noble/hashes/legacy.js';

/** MD5: 16 bytes. Broken as a signature; the protocol names files with it. */
export function md5(data: Uint8Array): Uint8Array {
  return digest(data);
}
