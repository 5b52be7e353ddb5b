import { digest } from '#sha256';

/**
 * SHA-256: 32 bytes. Signatures, addresses, metas.
 * @param data a text stands for its UTF-8
 */
export function sha256(data: Uint8Array | string): Uint8Array {
  return digest(data);
}
