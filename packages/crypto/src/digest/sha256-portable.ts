import { sha256 } from '@noble/hashes/sha2.js';
import { encodeUtf8 } from '../format/utf8.js';

/** SHA-256 in portable code. */
export function digest(data: Uint8Array | string): Uint8Array {
  return sha256(typeof data === 'string' ? encodeUtf8(data) : data);
}
