import { digest } from '#sha256';

/** SHA-256: 32 bytes. Signatures, addresses, metas. */
export function sha256(data: Uint8Array): Uint8Array {
  return digest(data);
}
