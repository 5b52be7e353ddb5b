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
import { describe, it } from '@jest/globals';
import { nodeAsymmetric, nodeSymmetric } from '../src/index.js';

const runner: TestRunner = { describe, it };
const signatureVectors = { RSA: rsaVectors, ECC: eccVectors };

for (const algorithm of nodeAsymmetric) {
  const vectors = signatureVectors[algorithm.code as keyof typeof signatureVectors];
  signatureConformance(runner, { algorithm, vectors });
  encryptionConformance(runner, { algorithm });
  keyFormatConformance(runner, { algorithm });
}
for (const algorithm of nodeSymmetric) {
  symmetricConformance(runner, { algorithm, vectors: aesVectors });
  keyFormatConformance(runner, { algorithm });
}
