/**
 * Suites that an algorithm of your own must pass. They bring no test runner: hand in `describe` and `it`.
 * A failure is a plain Error. What an algorithm does not offer is not asked of it.
 * @packageDocumentation
 */
export { type EncryptionConformance, type EncryptionVector, encryptionConformance } from './encryption.js';
export { type KeyFormatConformance, type KeyVector, keyFormatConformance } from './key-format.js';
export { aesVectors, eccVectors, rsaVectors } from './known-answers.js';
export type { TestRunner } from './runner.js';
export { type SignatureConformance, type SignatureVector, signatureConformance } from './signature.js';
export { type SymmetricConformance, type SymmetricVector, symmetricConformance } from './symmetric.js';
