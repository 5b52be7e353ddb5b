import type { AsymmetricAlgorithm } from '../algorithm.js';
import { generateNumbers } from './generate.js';
import { parsePrivateNumbers, parsePublicNumbers } from './key-format.js';
import { createRsaPrivateKey, createRsaPublicKey } from './rsa-key.js';

/**
 * RSA in portable code.
 *
 * Wire: `{ algorithm: "RSA", data: <PEM>, mode: "ECB", padding: "PKCS1", digest: "SHA256" }`. Three names, one
 * algorithm. New keys have 2048 bits unless told otherwise.
 * @see v1.md 2.1
 */
export const rsa: AsymmetricAlgorithm = {
  code: 'RSA',
  aliases: ['SHA256withRSA', 'RSA/ECB/PKCS1Padding'],
  parsePublicKey: json => createRsaPublicKey(parsePublicNumbers(json), json),
  parsePrivateKey: json => createRsaPrivateKey(parsePrivateNumbers(json), json),
  generatePrivateKey: async options => createRsaPrivateKey(await generateNumbers(options)),
};
