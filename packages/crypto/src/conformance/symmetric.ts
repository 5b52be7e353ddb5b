import type { SymmetricAlgorithm } from '../algorithm.js';
import { concatBytes, equalBytes } from '../bytes.js';
import type { JsonObject } from '../json.js';
import type { SymmetricKey } from '../keys.js';
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

/** A ciphertext under a shared key whose plaintext is known. */
export interface SymmetricVector {
  readonly name: string;
  readonly key: JsonObject;
  /** Initial vector beside the ciphertext, in place of the one in the key. */
  readonly iv?: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** What it decrypts to and what encrypts to it; absent when the ciphertext must be refused. */
  readonly plaintext?: Uint8Array;
}

export interface SymmetricConformance {
  readonly algorithm: SymmetricAlgorithm;
  readonly vectors?: readonly SymmetricVector[];
}

/** What every algorithm of shared keys must do. Of one without strength (`bits` 0) secrecy is not asked; streams only where there are some. */
export function symmetricConformance(runner: TestRunner, options: SymmetricConformance): void {
  const { algorithm, vectors = [] } = options;
  const key = once(() => algorithm.generateKey());

  runner.describe(`symmetric encryption of ${algorithm.code}`, () => {
    runner.it('decrypts what it encrypted: 0 to 70 bytes', async () => {
      for (let length = 0; length <= 70; length++) {
        const plaintext = sampleBytes(length);
        const result = await (await key()).decrypt(await (await key()).encrypt(plaintext));
        check(equalBytes(result, plaintext), `${length} bytes: expected the plaintext again`);
      }
    });

    secret('never gives the plaintext of a damaged ciphertext', async fresh => {
      const plaintext = sampleBytes(40);
      const ciphertext = await fresh.encrypt(plaintext);
      const damaged = sampleBits(ciphertext).map(bit => flipBit(ciphertext, bit));
      damaged.push(ciphertext.slice(0, -1), ciphertext.slice(1), concatBytes(ciphertext, Uint8Array.of(0)));
      damaged.push(new Uint8Array(0));
      for (const bytes of damaged) await checkUseless(fresh, bytes, plaintext);
    });

    secret('never gives the plaintext to another key', async fresh => {
      const plaintext = sampleBytes(40);
      const ciphertext = await fresh.encrypt(plaintext);
      check(!equalBytes(ciphertext, plaintext), 'a ciphertext must not be its plaintext');
      await checkUseless(await algorithm.generateKey(), ciphertext, plaintext);
    });

    runner.it('gives by stream what it gives in one piece', async () => {
      const { encryptStream, decryptStream } = await key();
      check((encryptStream === undefined) === (decryptStream === undefined), 'both streams or neither');
      if (encryptStream === undefined || decryptStream === undefined) return;
      const whole = await key();
      for (const length of [0, 1, 15, 16, 17, 32, 70, 1000]) {
        const plaintext = sampleBytes(length);
        const ciphertext = await whole.encrypt(plaintext);
        for (const size of [1, 7, 16, 33, 1000]) {
          const what = `${length} bytes in chunks of ${size}`;
          check(
            equalBytes(await pump(plaintext, size, encryptStream.call(whole)), ciphertext),
            `${what}: ciphertext`,
          );
          check(
            equalBytes(await pump(ciphertext, size, decryptStream.call(whole)), plaintext),
            `${what}: plaintext`,
          );
        }
      }
    });

    runner.it('refuses text in place of bytes', async () => {
      const whole = await key();
      await checkRefusesText(text => whole.encrypt(text), 'encrypt');
      await checkRefusesText(text => whole.decrypt(text), 'decrypt');
    });

    for (const vector of vectors) {
      runner.it(`vector: ${vector.name}`, async () => {
        const { plaintext, ciphertext, iv } = vector;
        const given = algorithm.parseKey(vector.key);
        const settings = iv === undefined ? {} : { iv };
        if (plaintext === undefined) {
          await checkRefused(() => given.decrypt(ciphertext, settings), ['ERR_DECRYPT'], vector.name);
          return;
        }
        check(equalBytes(await given.decrypt(ciphertext, settings), plaintext), 'expected the plaintext');
        check(equalBytes(await given.encrypt(plaintext, settings), ciphertext), 'expected the ciphertext');
      });
    }
  });

  function secret(name: string, body: (key: SymmetricKey) => Promise<void>): void {
    runner.it(name, async () => {
      const fresh = await key();
      if (fresh.bits > 0) await body(fresh);
    });
  }
}

async function checkUseless(key: SymmetricKey, ciphertext: Uint8Array, plaintext: Uint8Array): Promise<void> {
  const outcome = await attempt(() => key.decrypt(ciphertext));
  if (outcome.kind === 'error')
    check(outcome.code === 'ERR_DECRYPT', `expected ERR_DECRYPT, got ${outcome.code}`);
  else
    check(
      !equalBytes(outcome.result, plaintext),
      'damaged or foreign ciphertext must not give the plaintext',
    );
}

/** What comes out of a stream when data goes in by chunks of one size. */
async function pump(
  data: Uint8Array,
  size: number,
  stream: TransformStream<Uint8Array, Uint8Array>,
): Promise<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < data.length; i += size) controller.enqueue(data.slice(i, i + size));
      controller.close();
    },
  });
  const reader = source.pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
  return concatBytes(...parts);
}
