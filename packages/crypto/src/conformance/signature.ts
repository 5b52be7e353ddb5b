import type { AsymmetricAlgorithm } from '../algorithm.js';
import { concatBytes, equalBytes } from '../bytes.js';
import type { JsonObject } from '../json.js';
import type { VerifyKey } from '../keys.js';
import { matchKeys } from '../match.js';
import {
  attempt,
  check,
  checkRefusesText,
  flipBit,
  once,
  sampleBits,
  sampleBytes,
  type TestRunner,
} from './runner.js';

/** A signature whose verdict is known. */
export interface SignatureVector {
  readonly name: string;
  readonly publicKey: JsonObject;
  /** With it the suite also signs `data` anew and checks that signature. */
  readonly privateKey?: JsonObject;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
  /** Whether signing `data` must give `signature` byte for byte. */
  readonly deterministic?: boolean;
}

export interface SignatureConformance {
  readonly algorithm: AsymmetricAlgorithm;
  readonly vectors?: readonly SignatureVector[];
}

/**
 * What every algorithm that signs must do.
 *
 * @example
 * signatureConformance({ describe, it }, { algorithm: myAlgorithm, vectors: [] })
 */
export function signatureConformance(runner: TestRunner, options: SignatureConformance): void {
  const { algorithm, vectors = [] } = options;
  const key = once(() => algorithm.generatePrivateKey());
  const data = sampleBytes(100);
  const signature = once(async () => (await key()).sign(data));

  runner.describe(`signatures of ${algorithm.code}`, () => {
    for (const length of [0, 1, 64, 1000]) {
      runner.it(`verifies what it signed: ${length} bytes`, async () => {
        const privateKey = await key();
        const text = sampleBytes(length);
        check(
          await privateKey.publicKey.verify(text, await privateKey.sign(text)),
          'a fresh signature must verify',
        );
      });
    }

    runner.it('refuses other data', async () => {
      const { publicKey } = await key();
      for (const bit of sampleBits(data, 8)) {
        await checkFalse(publicKey, flipBit(data, bit), await signature(), `data with bit ${bit} turned`);
      }
      await checkFalse(publicKey, new Uint8Array(0), await signature(), 'no data');
    });

    runner.it('refuses a signature with any bit turned', async () => {
      const { publicKey } = await key();
      const good = await signature();
      for (const bit of sampleBits(good)) {
        await checkFalse(publicKey, data, flipBit(good, bit), `a signature with bit ${bit} turned`);
      }
    });

    runner.it('says false to malformed signatures and never throws', async () => {
      const { publicKey } = await key();
      const good = await signature();
      const malformed: [string, Uint8Array][] = [
        ['no bytes', new Uint8Array(0)],
        ['one byte', Uint8Array.of(0x30)],
        ['one byte too few', good.slice(0, -1)],
        ['one byte too many', concatBytes(good, Uint8Array.of(0))],
        ['a zero in front', concatBytes(Uint8Array.of(0), good)],
        ['twice the signature', concatBytes(good, good)],
        ['zeros', new Uint8Array(good.length)],
        ['ones', new Uint8Array(good.length).fill(0xff)],
        ['64 bytes of something', sampleBytes(64)],
        ['a long text', sampleBytes(10_000)],
      ];
      for (const [name, bytes] of malformed) await checkFalse(publicKey, data, bytes, name);
    });

    runner.it('refuses the signature of another key', async () => {
      const other = await algorithm.generatePrivateKey();
      await checkFalse(other.publicKey, data, await signature(), 'the signature of another key');
      check(!(await matchKeys(other.publicKey, await key())), 'two fresh keys must not match');
    });

    runner.it('refuses text in place of bytes', async () => {
      const privateKey = await key();
      const good = await signature();
      await checkRefusesText(text => privateKey.sign(text), 'sign');
      await checkRefusesText(text => privateKey.publicKey.verify(text, good), 'verify, data');
      await checkRefusesText(text => privateKey.publicKey.verify(data, text), 'verify, signature');
    });

    runner.it('does not write to what it is given', async () => {
      const privateKey = await key();
      const given = data.slice();
      const bytes = await privateKey.sign(given);
      const copy = bytes.slice();
      await privateKey.publicKey.verify(given, bytes);
      check(equalBytes(given, data) && equalBytes(bytes, copy), 'data and signature must stay as they are');
    });

    for (const vector of vectors) {
      runner.it(`vector: ${vector.name}`, async () => {
        const publicKey = algorithm.parsePublicKey(vector.publicKey);
        const verdict = await publicKey.verify(vector.data, vector.signature);
        check(verdict === vector.valid, `expected ${vector.valid}, got ${verdict}`);
        if (vector.privateKey === undefined) return;
        const privateKey = algorithm.parsePrivateKey(vector.privateKey);
        const fresh = await privateKey.sign(vector.data);
        check(await publicKey.verify(vector.data, fresh), 'a fresh signature must verify');
        check(await matchKeys(publicKey, privateKey), 'the two halves must match');
        if (vector.deterministic)
          check(equalBytes(fresh, vector.signature), 'expected the same signature again');
      });
    }
  });
}

async function checkFalse(
  key: VerifyKey,
  data: Uint8Array,
  signature: Uint8Array,
  what: string,
): Promise<void> {
  const outcome = await attempt(() => key.verify(data, signature));
  check(outcome.kind === 'result', `${what}: verify must not throw`);
  check(outcome.result === false, `${what}: must not verify`);
}
