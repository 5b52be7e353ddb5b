/**
 * ECC: signatures over the curve secp256k1.
 * @packageDocumentation
 */
export { ecc } from './algorithm.js';
export { createEccPrivateKey, type EccPrivateKey } from './ecc-private-key.js';
export { createEccPublicKey, type EccPublicKey } from './ecc-public-key.js';
export { readPoint, readSecret } from './key-text.js';
