import {
  concatBytes,
  DecryptError,
  type ExportableKey,
  exportSecret,
  type JsonObject,
  KeyFormatError,
  randomBytes,
  type SymmetricAlgorithm,
  type SymmetricKey,
} from '@dimp/crypto';
import { decodeBase64, encodeBase64 } from '@dimp/crypto/format';
// biome-ignore lint/correctness/noUndeclaredDependencies: it is there where this runs, see install.mjs
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** ChaCha20-Poly1305 as somebody else would add it: the nonce stands before the ciphertext. */
export const chacha: SymmetricAlgorithm = {
  code: 'CHACHA20',
  parseKey(json) {
    const text = json['data'];
    if (typeof text !== 'string') throw new KeyFormatError('CHACHA20: expected base64 text as data.');
    return createKey(decodeBase64(text), json);
  },
  async generateKey() {
    const secret = randomBytes(32);
    return createKey(secret, { algorithm: 'CHACHA20', data: encodeBase64(secret) });
  },
};

const nonceBytes = 12;

function createKey(secret: Uint8Array, json: JsonObject): SymmetricKey & ExportableKey {
  if (secret.length !== 32) throw new KeyFormatError('CHACHA20: expected 32 bytes.');
  return {
    algorithm: 'CHACHA20',
    bits: 256,
    async encrypt(plaintext) {
      const nonce = randomBytes(nonceBytes);
      return concatBytes(nonce, chacha20poly1305(secret, nonce).encrypt(plaintext));
    },
    async decrypt(ciphertext) {
      try {
        const nonce = ciphertext.subarray(0, nonceBytes);
        return chacha20poly1305(secret, nonce).decrypt(ciphertext.subarray(nonceBytes));
      } catch {
        throw new DecryptError();
      }
    },
    [exportSecret]: () => json,
  };
}
