/**
 * PLAIN: the key that does nothing.
 * @packageDocumentation
 */
import type { SymmetricAlgorithm } from '../algorithm.js';
import { checkBytes } from '../check-arguments.js';
import type { JsonObject } from '../json.js';
import { type ExportableKey, exportSecret, type SymmetricKey } from '../keys.js';

/**
 * The one key of PLAIN, which stands in for a password in broadcasts. It hides nothing.
 * It is never sent, cached or stored (v1.md 2.3).
 */
export const plainKey: SymmetricKey & ExportableKey = Object.freeze({
  algorithm: 'PLAIN',
  bits: 0,
  encrypt: async (plaintext: Uint8Array): Promise<Uint8Array> => {
    checkBytes(plaintext, 'plaintext');
    return plaintext;
  },
  decrypt: async (ciphertext: Uint8Array): Promise<Uint8Array> => {
    checkBytes(ciphertext, 'ciphertext');
    return ciphertext;
  },
  [exportSecret]: (): JsonObject => ({ algorithm: 'PLAIN' }),
});

/**
 * Wire: `{ algorithm: "PLAIN" }`; other members mean nothing.
 *
 * Not in `defaultSymmetric`: a peer that may choose it can pass off clear text as encrypted. Give it only to
 * what reads broadcasts.
 */
export const plain: SymmetricAlgorithm = {
  code: 'PLAIN',
  parseKey: () => plainKey,
  generateKey: async () => plainKey,
};
