/**
 * What the measured worlds are made of. In Node it is imported as it is; for the portable side it is bundled
 * with the conditions of a browser and imported a second time, so that nothing of Node is in it.
 */
export {
  Barrack,
  createProtocol,
  formatPackage,
  MemoryKeyStore,
  parsePackage,
  Transceiver,
} from '@dimp/core';
export { parsePrivateKey, parsePublicKey, randomBytes, unsafeMarkVerified } from '@dimp/crypto';
export { aes } from '@dimp/crypto/aes';
export { ecc, readSecret } from '@dimp/crypto/ecc';
export { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
export { rsa } from '@dimp/crypto/rsa';
export { createInstantMessage, createText, splitMessage } from '@dimp/dkd';
export { defaultCommands, defaultContents } from '@dimp/dkd/defaults';
export {
  createMetaID,
  createProfile,
  formatMeta,
  generateMeta,
  NetworkType,
  parseID,
  parseMeta,
  signProfile,
} from '@dimp/mkm';
export { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';
export { cbc } from '@noble/ciphers/aes.js';
export { secp256k1 } from '@noble/curves/secp256k1.js';
