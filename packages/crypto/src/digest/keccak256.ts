import { keccak_256 as digest } from '@noble/hashes/sha3.js';

/** Keccak-256 with the original padding, which is not SHA3-256: 32 bytes. Addresses in the form of Ethereum. */
export function keccak256(data: Uint8Array): Uint8Array {
  return digest(data);
}
