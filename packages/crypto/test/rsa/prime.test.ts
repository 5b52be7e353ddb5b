import { describe, expect, it } from '@jest/globals';
import { randomBytes } from '../../src/bytes.js';
import { bitLength } from '../../src/rsa/integers.js';
import { generatePrime, hasSmallFactor, isProbablePrime, primalityRounds } from '../../src/rsa/prime.js';
import { seededBytes } from './kit.js';

const noPause = () => Promise.resolve();
const isPrime = (value: bigint, rounds = 20) => isProbablePrime(value, rounds, seededBytes(11), noPause);

describe('primality', () => {
  it('knows the odd numbers up to 2,000', async () => {
    for (let value = 5; value < 2000; value += 2) {
      let prime = true;
      for (let factor = 3; factor * factor <= value; factor += 2) prime &&= value % factor !== 0;
      expect([value, await isPrime(BigInt(value))]).toEqual([value, prime]);
    }
  });

  it.each([2n ** 61n - 1n, 2n ** 89n - 1n, 2n ** 127n - 1n, 2n ** 521n - 1n, 2n ** 255n - 19n, 65537n])(
    '%s is prime',
    async value => {
      expect(await isPrime(value)).toBe(true);
    },
  );

  it.each([
    // Carmichael numbers, strong pseudoprimes to many small bases, products of primes close together
    561n,
    41041n,
    825265n,
    3215031751n,
    341550071728321n,
    318665857834031151167461n,
    (2n ** 61n - 1n) * (2n ** 89n - 1n),
    2n ** 67n - 1n,
    2n ** 512n + 1n,
    (2n ** 127n - 1n) ** 2n,
  ])('%s is not', async value => {
    expect(await isPrime(value)).toBe(false);
  });

  it('takes a turn after each round', async () => {
    let pauses = 0;
    const pause = () => Promise.resolve(void pauses++);
    await isProbablePrime(2n ** 127n - 1n, 9, seededBytes(12), pause);
    expect(pauses).toBe(9);
  });

  it('takes more rounds for smaller primes', () => {
    expect([256, 512, 768, 1024, 1536, 2048].map(primalityRounds)).toEqual([32, 7, 7, 5, 4, 4]);
  });
});

describe('trial division', () => {
  it('finds exactly the factors below 4,096', () => {
    const prime = 2n ** 127n - 1n;
    for (let factor = 3n; factor < 4096n; factor += 2n) expect(hasSmallFactor(prime * factor)).toBe(true);
    expect(hasSmallFactor(prime)).toBe(false);
    expect(hasSmallFactor(prime * 4099n)).toBe(false);
  });
});

describe('generated primes', () => {
  it.each([128, 256, 260])('of %i bits have their top two bits set', async bits => {
    for (let i = 0; i < 5; i++) {
      const prime = await generatePrime(bits, () => true, randomBytes, noPause);
      expect(bitLength(prime)).toBe(bits);
      expect(prime >> BigInt(bits - 2)).toBe(3n);
      expect(prime & 1n).toBe(1n);
      expect(await isPrime(prime)).toBe(true);
    }
  });

  it('are those that were asked for, and follow from the randomness', async () => {
    const find = () => generatePrime(128, prime => prime % 7n === 3n, seededBytes(13), noPause);
    const prime = await find();
    expect(prime % 7n).toBe(3n);
    expect(await find()).toBe(prime);
  });
});
