import type { AsymmetricAlgorithm } from '../algorithm.js';
import { concatBytes, equalBytes } from '../bytes.js';
import type { JsonObject } from '../json.js';
import type { DecryptKey, EncryptKey } from '../keys.js';
import {
  attempt,
  check,
  checkRefused,
  checkRefusesText,
  flipBit,
  once,
  sampleBits,
  sampleBytes,
  type TestRunner,
} from './runner.js';

/** A ciphertext whose plaintext is known. */
export interface EncryptionVector {
  readonly name: string;
  readonly privateKey: JsonObject;
  readonly ciphertext: Uint8Array;
  /** What it decrypts to. */
  readonly plaintext: Uint8Array;
  /** Whether the plaintext must *not* come out: the ciphertext is damaged or for another key. */
  readonly damaged?: boolean;
}

export interface EncryptionConformance {
  readonly algorithm: AsymmetricAlgorithm;
  readonly vectors?: readonly EncryptionVector[];
}

/** What every algorithm that encrypts to a public key must do. Of one that only signs, the suite checks just that it says so. */
export function encryptionConformance(runner: TestRunner, options: EncryptionConformance): void {
  const { algorithm, vectors = [] } = options;
  const privateKey = once(() => algorithm.generatePrivateKey());

  runner.describe(`encryption of ${algorithm.code}`, () => {
    runner.it('encrypts and decrypts, or does neither', async () => {
      const { publicKey, decryption } = await privateKey();
      const both = (publicKey.encryption === undefined) === (decryption === undefined);
      check(both, 'encryption of the public key and decryption of the private key go together');
    });

    part('decrypts what it encrypted, up to its capacity', async (encryption, decryption) => {
      for (const length of [1, encryption.capacity >> 1, encryption.capacity]) {
        const plaintext = sampleBytes(length);
        const result = await decryption.decrypt(await encryption.encrypt(plaintext));
        check(equalBytes(result, plaintext), `${length} bytes: expected the plaintext again`);
      }
    });

    part('throws RangeError above its capacity', async encryption => {
      const outcome = await attempt(() => encryption.encrypt(sampleBytes(encryption.capacity + 1)));
      check(
        outcome.kind === 'error' && outcome.name === 'RangeError',
        'one byte too many: expected RangeError',
      );
    });

    part('never encrypts to the same bytes twice', async encryption => {
      const plaintext = sampleBytes(16);
      const [a, b] = [await encryption.encrypt(plaintext), await encryption.encrypt(plaintext)];
      check(!equalBytes(a, b), 'equal ciphertexts would tell of equal plaintexts');
    });

    part('never gives the plaintext of a damaged ciphertext', async (encryption, decryption) => {
      const plaintext = sampleBytes(32);
      const ciphertext = await encryption.encrypt(plaintext);
      for (const bit of sampleBits(ciphertext)) {
        await checkUseless(decryption, flipBit(ciphertext, bit), plaintext, `bit ${bit} turned`);
      }
    });

    part('never gives the plaintext to another key', async encryption => {
      const plaintext = sampleBytes(32);
      const other = await algorithm.generatePrivateKey();
      check(other.decryption !== undefined, 'every key of the algorithm must decrypt');
      await checkUseless(other.decryption, await encryption.encrypt(plaintext), plaintext, 'another key');
    });

    part('refuses a ciphertext of another length', async (encryption, decryption) => {
      const good = await encryption.encrypt(sampleBytes(8));
      const wrong = [new Uint8Array(0), Uint8Array.of(1), good.slice(1), concatBytes(good, good)];
      for (const bytes of wrong) {
        await checkRefused(() => decryption.decrypt(bytes), ['ERR_DECRYPT'], `${bytes.length} bytes`);
      }
    });

    part('refuses text in place of bytes', async (encryption, decryption) => {
      await checkRefusesText(text => encryption.encrypt(text), 'encrypt');
      await checkRefusesText(text => decryption.decrypt(text), 'decrypt');
    });

    for (const vector of vectors) {
      runner.it(`vector: ${vector.name}`, async () => {
        const { decryption } = algorithm.parsePrivateKey(vector.privateKey);
        check(decryption !== undefined, 'the key must decrypt');
        if (vector.damaged) {
          await checkUseless(decryption, vector.ciphertext, vector.plaintext, 'damaged ciphertext');
        } else {
          check(
            equalBytes(await decryption.decrypt(vector.ciphertext), vector.plaintext),
            'expected the plaintext',
          );
        }
      });
    }
  });

  function part(name: string, body: (encryption: EncryptKey, decryption: DecryptKey) => Promise<void>): void {
    runner.it(name, async () => {
      const { publicKey, decryption } = await privateKey();
      if (publicKey.encryption !== undefined && decryption !== undefined) {
        await body(publicKey.encryption, decryption);
      }
    });
  }
}

/** The one error there is, or bytes that are not the plaintext (implicit rejection). */
async function checkUseless(
  key: DecryptKey,
  ciphertext: Uint8Array,
  plaintext: Uint8Array,
  what: string,
): Promise<void> {
  const outcome = await attempt(() => key.decrypt(ciphertext));
  if (outcome.kind === 'error')
    check(outcome.code === 'ERR_DECRYPT', `${what}: expected ERR_DECRYPT, got ${outcome.code}`);
  else check(!equalBytes(outcome.result, plaintext), `${what}: must not give the plaintext`);
}
