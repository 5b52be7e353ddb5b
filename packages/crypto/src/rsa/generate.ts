import type { GenerateKeyOptions } from '../algorithm.js';
import { type RandomBytes, randomBytes } from '../bytes.js';
import { nextTurn } from '../next-turn.js';
import { privateNumbersOf, type RsaPrivateNumbers } from './numbers.js';
import { checkModulusBits, publicExponent } from './policy.js';
import { generatePrime } from './prime.js';

/** Strength of a new key when nothing else is asked for. */
const defaultBits = 2048;

/**
 * The numbers of a new private key.
 *
 * The work is cut into pieces of some milliseconds, between which others get their turn. Progress is a guess,
 * as nobody knows when a prime will be found; it never goes back and ends at 1.
 * @throws {KeyFormatError} bits outside the key policy
 * @throws the reason of the signal, when aborted
 */
export async function generateNumbers(
  options: GenerateKeyOptions = {},
  random: RandomBytes = randomBytes,
): Promise<RsaPrivateNumbers> {
  const { bits = defaultBits, onProgress, signal } = options;
  checkModulusBits(bits);
  signal?.throwIfAborted();
  const half = bits / 2;
  // one odd number in 0.35 * bits is prime, and trial division leaves one in eight
  const expectedRounds = half * 0.044;
  let found = 0;
  let rounds = 0;
  const pause = async () => {
    rounds++;
    onProgress?.((found + 1 - Math.exp(-rounds / expectedRounds)) / 2);
    await nextTurn();
    signal?.throwIfAborted();
  };
  const allowsExponent = (prime: bigint) => (prime - 1n) % publicExponent !== 0n;
  const p = await generatePrime(half, allowsExponent, random, pause);
  found = 1;
  rounds = 0;
  // primes close to each other are found from the modulus by Fermat's method
  const distance = 1n << BigInt(half - 100);
  const isFarFromP = (q: bigint) => (p > q ? p - q : q - p) > distance;
  const q = await generatePrime(half, prime => allowsExponent(prime) && isFarFromP(prime), random, pause);
  onProgress?.(1);
  return privateNumbersOf(p, q, publicExponent);
}
