import { randomSecret } from '#ecc-curve';
import type { AsymmetricAlgorithm } from '../algorithm.js';
import { createEccPrivateKey } from './ecc-private-key.js';
import { createEccPublicKey } from './ecc-public-key.js';
import { checkBits } from './key-format.js';
import { readPoint, readSecret } from './key-text.js';

/**
 * ECDSA over secp256k1 with SHA-256. Signs only.
 *
 * Wire: `{ algorithm: "ECC", data, curve: "SECP256k1", digest: "SHA256" }` with lower-case hex digits in
 * `data`: 130 of a public key, 64 of a private one. PEM and `SHA256withECDSA` are read too; `curve` and
 * `digest` are decoration. What was read is written as it came.
 * @see v2.md 3.2
 */
export const ecc: AsymmetricAlgorithm = {
  code: 'ECC',
  aliases: ['SHA256withECDSA'],
  parsePublicKey: json => createEccPublicKey(readPoint(json), json),
  parsePrivateKey: json => createEccPrivateKey(readSecret(json), json),

  async generatePrivateKey({ bits = 256, signal } = {}) {
    checkBits(bits);
    signal?.throwIfAborted();
    return createEccPrivateKey(randomSecret());
  },
};
