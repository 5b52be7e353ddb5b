import type { Protocol } from '@dimp/core';
import {
  createRegistry,
  exportKey,
  parsePrivateKey,
  parsePublicKey,
  parseSymmetricKey,
  type SymmetricAlgorithm,
  type SymmetricKey,
} from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import { matchKeys } from '@dimp/crypto/match';
import { plain } from '@dimp/crypto/plain';
import {
  encodePrivateKey,
  encodePublicKey,
  formatPublicKey,
  parsePrivateNumbers,
  parsePublicNumbers,
} from '@dimp/crypto/rsa';
import type { Operation } from '../operation.js';

/** Reading keys. */
export const keyOperations: readonly Operation[] = [
  {
    code: 'public-key',
    run(input, { protocol }) {
      const key = parsePublicKey(input.value('key'), protocol);
      const numbers = parsePublicNumbers(key.json);
      return {
        algorithm: key.json['algorithm'] ?? null,
        bits: key.bits,
        modulus: numbers.modulus.toString(16),
        exponent: Number(numbers.exponent),
        der: encodeBase64(encodePublicKey(numbers)),
        pem: formatPublicKey(numbers)['data'] ?? null,
      };
    },
  },
  {
    code: 'private-key',
    run(input, { protocol }) {
      const key = parsePrivateKey(input.value('key'), protocol);
      const json = exportKey(key);
      const numbers = parsePrivateNumbers(json);
      return {
        algorithm: json['algorithm'] ?? null,
        bits: key.bits,
        modulus: numbers.modulus.toString(16),
        exponent: Number(numbers.exponent),
        der: encodeBase64(encodePrivateKey(numbers)),
        public_key: key.publicKey.json,
      };
    },
  },
  {
    code: 'key-match',
    async run(input, { protocol }) {
      const publicKey = parsePublicKey(input.value('public_key'), protocol);
      const privateKey = parsePrivateKey(input.value('private_key'), protocol);
      return { match: await matchKeys(publicKey, privateKey) };
    },
  },
  {
    code: 'symmetric-key',
    run(input, { protocol }) {
      const key = parseAnySymmetricKey(input.value('key'), protocol);
      const json = exportKey(key);
      return {
        algorithm: json['algorithm'] ?? null,
        data: json['data'] ?? '',
        iv: json['iv'] ?? null,
        size: key.bits / 8,
        json,
      };
    },
  },
];

/** Reads a symmetric key, PLAIN included, which messages may not choose but files in broadcasts have. */
export function parseAnySymmetricKey(json: unknown, protocol: Protocol): SymmetricKey {
  const symmetric = createRegistry<SymmetricAlgorithm>('symmetric algorithm', [...protocol.symmetric, plain]);
  return parseSymmetricKey(json, { symmetric });
}
