import { createProtocol, type Protocol } from '@dimp/core';
import { aes as portableAes } from '@dimp/crypto/aes';
import { rsa as portableRsa } from '@dimp/crypto/rsa';
import { aes as nodeAes } from '@dimp/crypto-node/aes';
import { rsa as nodeRsa } from '@dimp/crypto-node/rsa';
import { defaults } from '@dimp/sdk';
import type { CryptoDriver } from './call.js';

/** What generation 1 defines: RSA alone of the key pairs, since ECC was a reserved name then. */
export function protocolOfGeneration1(driver: CryptoDriver = 'portable'): Protocol {
  return createProtocol({ ...defaults(), ...algorithms[driver] });
}

// portable is RSA alone: in Node, @dimp/crypto has whole blocks of AES and SHA-256 done by the platform
const algorithms = {
  portable: { asymmetric: [portableRsa], symmetric: [portableAes] },
  node: { asymmetric: [nodeRsa], symmetric: [nodeAes] },
} as const;
