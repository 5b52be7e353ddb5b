import { describe, expect, it } from '@jest/globals';
import {
  aesVectors,
  eccVectors,
  encryptionConformance,
  type KeyVector,
  keyFormatConformance,
  rsaVectors,
  signatureConformance,
  symmetricConformance,
  type TestRunner,
} from '../src/conformance/index.js';
import { defaultAsymmetric, defaultSymmetric } from '../src/defaults.js';
import type { AsymmetricAlgorithm, JsonObject, PrivateKey, SymmetricAlgorithm } from '../src/index.js';
import { plain } from '../src/plain/index.js';
import { hexBytes, vectors } from './vectors.js';

const runner: TestRunner = { describe, it };

interface EccCase {
  readonly kind: string;
  readonly form: string;
  readonly private?: JsonObject;
  readonly public?: JsonObject;
  readonly accepted: boolean;
  readonly public_raw_hex: string;
}

const eccKeys = vectors<EccCase>('v2/keys')
  .filter(({ kind }) => kind === 'ecc-form')
  .map(
    (vector): KeyVector => ({
      name: vector.form,
      kind: vector.private === undefined ? 'public' : 'private',
      key: (vector.private ?? vector.public) as JsonObject,
      accepted: vector.accepted,
      ...(vector.accepted ? { material: hexBytes(vector.public_raw_hex) } : {}),
    }),
  );

const signatureVectors = { RSA: rsaVectors, ECC: eccVectors };
const keyVectors: Record<string, readonly KeyVector[]> = { ECC: eccKeys };

for (const algorithm of defaultAsymmetric) {
  signatureConformance(runner, {
    algorithm,
    vectors: signatureVectors[algorithm.code as keyof typeof signatureVectors],
  });
  encryptionConformance(runner, { algorithm });
  keyFormatConformance(runner, { algorithm, vectors: keyVectors[algorithm.code] ?? [] });
}
for (const algorithm of defaultSymmetric) {
  symmetricConformance(runner, { algorithm, vectors: aesVectors });
  keyFormatConformance(runner, { algorithm });
}
symmetricConformance(runner, { algorithm: plain });
keyFormatConformance(runner, { algorithm: plain });

describe('the defaults', () => {
  it('are RSA, ECC and AES, without PLAIN', () => {
    expect(defaultAsymmetric.map(({ code }) => code)).toEqual(['RSA', 'ECC']);
    expect(defaultSymmetric.map(({ code }) => code)).toEqual(['AES']);
  });
});

/** Runs a suite and tells which of its parts failed. */
async function failures(suite: (runner: TestRunner) => void): Promise<string[]> {
  const parts: [string, () => Promise<void>][] = [];
  suite({ describe: (_, body) => body(), it: (name, body) => void parts.push([name, body]) });
  const failed: string[] = [];
  for (const [name, body] of parts) {
    try {
      await body();
    } catch (error) {
      expect((error as Error).name).toBe('Error');
      failed.push(name);
    }
  }
  return failed;
}

/** An algorithm whose keys differ from the good ones in some members. */
function altered(code: string, change: (key: PrivateKey) => Partial<PrivateKey>): AsymmetricAlgorithm {
  const good = defaultAsymmetric.find(algorithm => algorithm.code === code) as AsymmetricAlgorithm;
  return {
    ...good,
    generatePrivateKey: async options => {
      const key = await good.generatePrivateKey(options);
      const same = { algorithm: key.algorithm, bits: key.bits, publicKey: key.publicKey };
      return { ...same, sign: (data: Uint8Array) => key.sign(data), ...change(key) };
    },
  };
}

describe('the suites find', () => {
  it('a key that verifies anything', async () => {
    const algorithm = altered('ECC', ({ publicKey }) => ({
      publicKey: { ...publicKey, verify: async () => true },
    }));
    const failed = await failures(runner => signatureConformance(runner, { algorithm, vectors: eccVectors }));
    expect(failed).toEqual([
      'refuses other data',
      'refuses a signature with any bit turned',
      'says false to malformed signatures and never throws',
      'refuses the signature of another key',
      'refuses text in place of bytes',
    ]);
  });

  it('a key that throws for malformed signatures', async () => {
    const algorithm = altered('ECC', key => ({
      publicKey: {
        ...key.publicKey,
        verify: async (data, signature) => {
          if (signature.length === 0) throw new RangeError('empty');
          return key.publicKey.verify(data, signature);
        },
      },
    }));
    const failed = await failures(runner => signatureConformance(runner, { algorithm }));
    expect(failed).toEqual(['says false to malformed signatures and never throws']);
  });

  it('a wrong verdict on a vector', async () => {
    const [first] = eccVectors;
    if (first === undefined) throw new Error('no vector');
    const [algorithm] = defaultAsymmetric.filter(({ code }) => code === 'ECC');
    const wrong = [{ ...first, valid: !first.valid }];
    const failed = await failures(runner =>
      signatureConformance(runner, { algorithm: algorithm as AsymmetricAlgorithm, vectors: wrong }),
    );
    expect(failed).toEqual([`vector: ${first.name}`]);
  });

  it('an encryption that hides nothing and knows no bounds', async () => {
    const algorithm = altered('ECC', ({ publicKey }) => ({
      publicKey: { ...publicKey, encryption: { capacity: 100, encrypt: async text => text } },
      decryption: { decrypt: async text => text },
    }));
    const failed = await failures(runner => encryptionConformance(runner, { algorithm }));
    expect(failed).toEqual([
      'throws RangeError above its capacity',
      'never encrypts to the same bytes twice',
      'never gives the plaintext to another key',
      'refuses a ciphertext of another length',
      'refuses text in place of bytes',
    ]);
  });

  it('a key object that drops what it does not know and shows its secret', async () => {
    const parseKey = (json: JsonObject): ReturnType<SymmetricAlgorithm['parseKey']> => {
      const data = json['data'];
      if (typeof data !== 'string') throw Object.assign(new Error('no data'), { code: 'ERR_KEY_FORMAT' });
      const key = { algorithm: 'OPEN', bits: 8, data, encrypt: async (text: Uint8Array) => text };
      const give = { [Symbol.for('@dimp/crypto exportSecret')]: () => ({ algorithm: 'OPEN', data }) };
      return { ...key, ...give, decrypt: key.encrypt };
    };
    const algorithm: SymmetricAlgorithm = {
      code: 'OPEN',
      parseKey,
      generateKey: async () => parseKey({ data: 'a secret that everybody sees' }),
    };
    expect(await failures(runner => keyFormatConformance(runner, { algorithm }))).toEqual([
      'reads a key under every alias and keeps what it does not know',
      'shows no secret',
      'refuses malformed key objects',
    ]);
    expect(await failures(runner => symmetricConformance(runner, { algorithm }))).toEqual([
      'never gives the plaintext to another key',
      'refuses text in place of bytes',
    ]);
  });
});
