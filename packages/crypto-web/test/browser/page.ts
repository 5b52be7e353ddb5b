// What the page runs: the exported suites on this package's algorithms, with a runner that only takes notes.
import { equalBytes, exportKey } from '@dimp/crypto';
import { aes as portableAes } from '@dimp/crypto/aes';
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
import { rsa as portableRsa } from '@dimp/crypto/rsa';
import { aes, rsa, webAsymmetric, webSymmetric } from '@dimp/crypto-web';

/** What became of the cases. */
export interface PageReport {
  readonly hasSubtle: boolean;
  readonly passed: readonly string[];
  /** Names, with what was wrong. */
  readonly failed: readonly string[];
}

const cases: { readonly name: string; readonly body: () => Promise<void> }[] = [];
let group = '';
const runner: TestRunner = {
  describe(name, body) {
    group = name;
    body();
  },
  it: (name, body) => void cases.push({ name: `${group}: ${name}`, body }),
};

const signatureVectors = { RSA: rsaVectors, ECC: eccVectors };
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

// the suites' data is small, and their RSA keys have 2048 bits
runner.describe('against portable code', () => {
  const text = new Uint8Array(50_000).fill(1);

  for (const bits of [128, 192, 256]) {
    runner.it(`AES of ${bits} bits, large data`, async () => {
      const key = await aes.generateKey({ bits });
      const portable = portableAes.parseKey(exportKey(key));
      const sent = await key.encrypt(text);
      same(sent, await portable.encrypt(text));
      same(await key.decrypt(sent), text);
    });
  }

  for (const bits of [1024, 1032, 2048, 3072]) {
    runner.it(`RSA of ${bits} bits`, async () => {
      const key = await rsa.generatePrivateKey({ bits });
      const portable = portableRsa.parsePrivateKey(exportKey(key));
      const signature = await key.sign(text);
      same(signature, await portable.sign(text));
      if (!(await key.publicKey.verify(text, signature))) throw new Error('a good signature was refused');
      if (await key.publicKey.verify(signature, signature)) throw new Error('a bad signature was taken');
    });
  }
});

function same(a: Uint8Array, b: Uint8Array): void {
  if (!equalBytes(a, b)) throw new Error('expected the same bytes');
}

Object.assign(globalThis, {
  async runSuites(): Promise<PageReport> {
    const passed: string[] = [];
    const failed: string[] = [];
    for (const { name, body } of cases) {
      try {
        await body();
        passed.push(name);
      } catch (error) {
        failed.push(`${name}: ${String(error)}`);
      }
    }
    return { hasSubtle: globalThis.crypto.subtle !== undefined, passed, failed };
  },
});
