import { scryptAsync } from '@noble/hashes/scrypt.js';
import type { ScryptCost } from './platform.js';

/** scrypt in portable code, which lets other work in between every 10 ms. */
export function portableScrypt(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { N, r, p }: ScryptCost,
): Promise<Uint8Array> {
  return scryptAsync(passphrase, salt, { N, r, p, dkLen: 32, asyncTick: 10, maxmem: 128 * r * (N + p + 4) });
}
