import { sha256 as digest } from '@noble/hashes/sha2.js';

/** SHA-256: 32 bytes. Signatures, addresses, metas. */
export function sha256(data: Uint8Array): Uint8Array {
  return digest(data);
}
