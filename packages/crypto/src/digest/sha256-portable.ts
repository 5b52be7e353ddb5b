import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-256 in portable code. */
export function digest(data: Uint8Array): Uint8Array {
  return sha256(data);
}
