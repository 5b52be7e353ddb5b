/**
 * RSA in portable code: PKCS#1 v1.5 signatures with SHA-256 and PKCS#1 v1.5 encryption, key texts in PEM.
 *
 * Beside `rsa` stands what a native implementation needs to behave the same: key texts to numbers under the key
 * policy, numbers to key texts and DER, the padding with implicit rejection, the wait for a key made elsewhere.
 * @packageDocumentation
 */

export { rsa } from './algorithm.js';
export { padMessage, unpadMessage } from './encryption-block.js';
export { decodeKey, encodePrivateKey, encodePublicKey, type RsaKeyNumbers } from './key-der.js';
export { formatPrivateKey, formatPublicKey, parsePrivateNumbers, parsePublicNumbers } from './key-format.js';
export {
  checkConsistent,
  type RsaPrivateNumbers,
  type RsaPublicNumbers,
  rejectionSecret,
} from './numbers.js';
export { generateOutside } from './outside-generation.js';
export { checkModulusBits, checkPublicNumbers } from './policy.js';
export { createRsaPrivateKey, createRsaPublicKey, type RsaPrivateKey, type RsaPublicKey } from './rsa-key.js';
