import { sha1 as digest } from '@noble/hashes/legacy.js';

/** SHA-1: 20 bytes. Broken for signatures; offered for names made by others, nothing here uses it. */
export function sha1(data: Uint8Array): Uint8Array {
  return digest(data);
}
