import {
  aesVectors,
  eccVectors,
  encryptionConformance,
  keyFormatConformance,
  rsaVectors,
  signatureConformance,
  symmetricConformance,
  type TestRunner,
} from '@dimp/crypto/conformance';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { webAsymmetric, webSymmetric } from '../src/index.js';
import { removeSubtle, restoreCrypto } from './stub-crypto.js';

const runner: TestRunner = { describe, it };
const signatureVectors = { RSA: rsaVectors, ECC: eccVectors };

function suites(): void {
  for (const algorithm of webAsymmetric) {
    const vectors = signatureVectors[algorithm.code as keyof typeof signatureVectors];
    signatureConformance(runner, { algorithm, vectors });
    encryptionConformance(runner, { algorithm });
    keyFormatConformance(runner, { algorithm });
  }
  for (const algorithm of webSymmetric) {
    symmetricConformance(runner, { algorithm, vectors: aesVectors });
    keyFormatConformance(runner, { algorithm });
  }
}

describe('with crypto.subtle', suites);

describe('without crypto.subtle', () => {
  beforeAll(removeSubtle);
  afterAll(restoreCrypto);
  suites();
});
