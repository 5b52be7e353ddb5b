import type { RandomBytes } from '../bytes.js';
import { bitLength, bytesToInteger } from './integers.js';
import { power, prepareExponent } from './power.js';

/** Trial division goes up to here: one in eight odd numbers is left over for the costly test. */
const trialLimit = 4096;

interface TrialGroup {
  /** Below 2^31, so that its remainders are cheap numbers. */
  readonly product: bigint;
  readonly primes: readonly number[];
}

let trialGroups: readonly TrialGroup[] | undefined;

/** Whether an odd number larger than the trial primes has one of them as a factor. */
export function hasSmallFactor(candidate: bigint): boolean {
  trialGroups ??= makeTrialGroups();
  for (const { product, primes } of trialGroups) {
    const rest = Number(candidate % product);
    for (const prime of primes) if (rest % prime === 0) return true;
  }
  return false;
}

/**
 * Miller-Rabin with random bases.
 * @param candidate odd, 5 or more
 * @param pause called after each round, which for 2048 bits takes some milliseconds
 */
export async function isProbablePrime(
  candidate: bigint,
  rounds: number,
  random: RandomBytes,
  pause: () => Promise<void>,
): Promise<boolean> {
  const last = candidate - 1n;
  let twos = 0;
  let odd = last;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  const exponent = prepareExponent(odd);
  const bytes = Math.ceil(bitLength(candidate) / 8) + 8;
  for (let round = 0; round < rounds; round++) {
    const base = 2n + (bytesToInteger(random(bytes)) % (candidate - 3n));
    const passed = passes(power(base, exponent, candidate), twos, candidate);
    await pause();
    if (!passed) return false;
  }
  return true;
}

/**
 * Rounds for a random candidate of so many bits, for an error below 2^-100.
 * @see FIPS 186-4 C.3 (512 bits), FIPS 186-5 B.3 (above)
 */
export function primalityRounds(bits: number): number {
  if (bits >= 1536) return 4;
  if (bits >= 1024) return 5;
  return bits >= 512 ? 7 : 32;
}

/** A random prime whose top two bits are set, so that the product of two has full length. */
export async function generatePrime(
  bits: number,
  accept: (prime: bigint) => boolean,
  random: RandomBytes,
  pause: () => Promise<void>,
): Promise<bigint> {
  const fixedBits = (3n << BigInt(bits - 2)) | 1n;
  for (;;) {
    const candidate = BigInt.asUintN(bits, bytesToInteger(random(Math.ceil(bits / 8)))) | fixedBits;
    if (hasSmallFactor(candidate) || !accept(candidate)) continue;
    if (await isProbablePrime(candidate, primalityRounds(bits), random, pause)) return candidate;
  }
}

/** Whether `start`, squared over and over, does not prove the candidate composite. */
function passes(start: bigint, twos: number, candidate: bigint): boolean {
  const last = candidate - 1n;
  let value = start;
  if (value === 1n) return true;
  for (let i = 1; i < twos && value !== last; i++) value = (value * value) % candidate;
  return value === last;
}

function makeTrialGroups(): TrialGroup[] {
  const groups: TrialGroup[] = [];
  let product = 1;
  let primes: number[] = [];
  for (let number = 3; number < trialLimit; number += 2) {
    if (!isSmallPrime(number)) continue;
    if (product * number >= 2 ** 31) {
      groups.push({ product: BigInt(product), primes });
      product = 1;
      primes = [];
    }
    product *= number;
    primes.push(number);
  }
  groups.push({ product: BigInt(product), primes });
  return groups;
}

function isSmallPrime(odd: number): boolean {
  for (let factor = 3; factor * factor <= odd; factor += 2) if (odd % factor === 0) return false;
  return true;
}
