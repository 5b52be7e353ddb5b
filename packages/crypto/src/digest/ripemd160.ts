import { ripemd160 as digest } from '@noble/hashes/legacy.js';

/** RIPEMD-160: 20 bytes. Addresses in the form of Bitcoin. */
export function ripemd160(data: Uint8Array): Uint8Array {
  return digest(data);
}
