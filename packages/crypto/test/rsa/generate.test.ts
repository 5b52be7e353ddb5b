import {
  constants,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { exportKey } from '../../src/keys.js';
import { generateNumbers } from '../../src/rsa/generate.js';
import { checkConsistent, createRsaPrivateKey, rsa } from '../../src/rsa/index.js';
import { bitLength, integerToBytes } from '../../src/rsa/integers.js';
import { privateNumbersOf } from '../../src/rsa/numbers.js';
import { hasSmallFactor, isProbablePrime } from '../../src/rsa/prime.js';
import { bytes, codeOf, seededBytes } from './kit.js';

const noPause = () => Promise.resolve();
const data = bytes(Buffer.from('hello'));

describe('new keys', () => {
  it.each([
    [1024, { bits: 1024 }],
    [2048, undefined],
  ])('of %i bits work with the platform', async (bits, options) => {
    const key = await rsa.generatePrivateKey(options);
    expect(key.bits).toBe(bits);
    const secret = createPrivateKey(exportKey(key)['data'] as string);
    const open = createPublicKey(key.publicKey.json['data'] as string);
    expect(secret.asymmetricKeyDetails).toEqual({ modulusLength: bits, publicExponent: 65537n });
    expect(await key.publicKey.verify(data, sign('sha256', data, secret))).toBe(true);
    expect(verify('sha256', data, open, await key.sign(data))).toBe(true);
    const sent = publicEncrypt({ key: open, padding: constants.RSA_PKCS1_PADDING }, data);
    expect(await key.decryption?.decrypt(bytes(sent))).toEqual(data);
    const raw = privateDecrypt(
      { key: secret, padding: constants.RSA_NO_PADDING },
      (await key.publicKey.encryption?.encrypt(data)) as Uint8Array,
    );
    expect(bytes(raw.subarray(raw.indexOf(0, 2) + 1))).toEqual(data);
  });

  it('of 1032 bits, whose primes are no whole bytes, work as well', async () => {
    const key = await rsa.generatePrivateKey({ bits: 1032 });
    expect(key.bits).toBe(1032);
    expect(await key.publicKey.verify(data, await key.sign(data))).toBe(true);
  });

  it('have numbers as they should be', async () => {
    const numbers = await generateNumbers({ bits: 1024 });
    expect(codeOf(() => checkConsistent(numbers))).toBeUndefined();
    expect(bitLength(numbers.modulus)).toBe(1024);
    expect(numbers.exponent).toBe(65537n);
    expect(numbers.prime1 - numbers.prime2 > 1n << 412n).toBe(true);
    expect(numbers.privateExponent > 1n << 512n).toBe(true);
  });

  it('follow from the randomness and nothing else', async () => {
    const make = (seed: number) => generateNumbers({ bits: 1024 }, seededBytes(seed));
    const first = await make(21);
    expect(await make(21)).toEqual(first);
    expect((await make(22)).modulus).not.toBe(first.modulus);
    expect(await createRsaPrivateKey(first).publicKey.verify(data, new Uint8Array(128))).toBe(false);
  });

  it('are made of two primes far from each other, even if one is drawn twice', async () => {
    const { prime1 } = await generateNumbers({ bits: 1024 }, seededBytes(24));
    const again = [integerToBytes(prime1, 64), integerToBytes(prime1, 64)];
    const random = seededBytes(25);
    // candidates take 64 bytes, the bases of their tests more
    const numbers = await generateNumbers({ bits: 1024 }, length =>
      length === 64 ? (again.shift() ?? random(length)) : random(length),
    );
    expect(again).toEqual([]);
    expect([numbers.prime1, numbers.prime2]).toContain(prime1);
    expect(numbers.prime1 - numbers.prime2 > 1n << 412n).toBe(true);
  });

  it('are not made of primes that do not allow the exponent, though they are drawn', async () => {
    const step = 2n * 65537n;
    let prime = ((3n << 510n) / step) * step + 1n + step;
    while (hasSmallFactor(prime) || !(await isProbablePrime(prime, 5, seededBytes(26), noPause)))
      prime += step;
    const random = seededBytes(27);
    // once as the first prime, and once when the first is there
    for (const wanted of [0, 0.5]) {
      let share = 0;
      const draws = [integerToBytes(prime, 64)];
      const onProgress = (now: number) => {
        share = now;
      };
      const numbers = await generateNumbers({ bits: 1024, onProgress }, length =>
        length === 64 && share >= wanted ? (draws.shift() ?? random(length)) : random(length),
      );
      expect([numbers.prime1, numbers.prime2]).not.toContain(prime);
      expect(draws).toEqual([]);
    }
  });

  it('are not made of one prime twice, nor of primes that do not allow the exponent', () => {
    const prime = 2n ** 127n - 1n;
    expect(codeOf(() => privateNumbersOf(prime, prime, 65537n))).toBe('ERR_USAGE');
    // 7 divides 2^127 - 2
    expect(codeOf(() => privateNumbersOf(prime, 2n ** 89n - 1n, 7n))).toBe('ERR_USAGE');
  });
});

describe('the making of a key', () => {
  it('tells its progress, which never goes back and ends at 1', async () => {
    const shares: number[] = [];
    await rsa.generatePrivateKey({ bits: 1024, onProgress: share => shares.push(share) });
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares.at(-2)).toBeLessThan(1);
    expect(shares.at(-1)).toBe(1);
  });

  it('lets others have their turn', async () => {
    let turns = 0;
    let working = true;
    const count = () => {
      turns++;
      if (working) setImmediate(count);
    };
    setImmediate(count);
    await generateNumbers({ bits: 1024 }, seededBytes(23));
    working = false;
    expect(turns).toBeGreaterThan(10);
  });

  it('stops when told to, before and while it works', async () => {
    const reason = new Error('changed my mind');
    await expect(rsa.generatePrivateKey({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const shares: number[] = [];
    const work = rsa.generatePrivateKey({
      bits: 4096,
      signal: controller.signal,
      onProgress: share => {
        shares.push(share);
        if (shares.length === 3) controller.abort(reason);
      },
    });
    await expect(work).rejects.toBe(reason);
    expect(shares.length).toBe(3);
  });
});
