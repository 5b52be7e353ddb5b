import { type RandomBytes, randomBytes } from '../bytes.js';
import { DimpError } from '../errors.js';
import { byteLength, bytesToInteger, invert } from './integers.js';
import type { RsaPrivateNumbers } from './numbers.js';
import { type PreparedExponent, power, powerPublic, prepareExponent } from './power.js';

/** Uses of one blinding pair, squared in between, before a fresh one is drawn. */
const usesPerPair = 64;

interface BlindingPair {
  /** `r ** e`, put on the input. */
  readonly mask: bigint;
  /** `r ** -1`, taken off the output. */
  readonly unmask: bigint;
  readonly uses: number;
}

/**
 * The bare private operation of one key, `input ** d % n`, with what can be prepared for it.
 *
 * By the two primes (a quarter of the work), on a blinded input (a peer who chooses it does not know the
 * numbers that are worked on), and checked by the public operation: one wrong result made with the primes
 * would give them away.
 */
export class PrivateOperation {
  readonly #numbers: RsaPrivateNumbers;
  readonly #exponent1: PreparedExponent;
  readonly #exponent2: PreparedExponent;
  readonly #random: RandomBytes;
  #pair: BlindingPair | undefined;

  constructor(numbers: RsaPrivateNumbers, random: RandomBytes = randomBytes) {
    this.#numbers = numbers;
    this.#exponent1 = prepareExponent(numbers.exponent1);
    this.#exponent2 = prepareExponent(numbers.exponent2);
    this.#random = random;
  }

  /**
   * @param input from 0 to below the modulus
   * @throws {DimpError} `ERR_RSA_FAULT`: the machine miscalculated, or the key's primes are none
   */
  run(input: bigint): bigint {
    const { modulus, exponent, prime1, prime2, coefficient } = this.#numbers;
    const { mask, unmask } = this.#nextPair();
    const blinded = (input * mask) % modulus;
    const rest1 = power(blinded, this.#exponent1, prime1);
    const rest2 = power(blinded, this.#exponent2, prime2);
    // prime2 may be the larger one in keys of others
    const difference = (rest1 - (rest2 % prime1) + prime1) % prime1;
    const joined = rest2 + prime2 * ((difference * coefficient) % prime1);
    const output = (joined * unmask) % modulus;
    if (powerPublic(output, exponent, modulus) !== input) {
      this.#pair = undefined;
      throw new DimpError(
        'ERR_RSA_FAULT',
        'An RSA private operation gave a wrong result, which is withheld; expected the public key to undo it. ' +
          'Check the private key against its backup, then the machine.',
      );
    }
    return output;
  }

  #nextPair(): BlindingPair {
    const { modulus } = this.#numbers;
    const last = this.#pair;
    this.#pair =
      last === undefined || last.uses >= usesPerPair
        ? this.#freshPair()
        : {
            mask: (last.mask * last.mask) % modulus,
            unmask: (last.unmask * last.unmask) % modulus,
            uses: last.uses + 1,
          };
    return this.#pair;
  }

  #freshPair(): BlindingPair {
    const { modulus, exponent } = this.#numbers;
    for (;;) {
      // eight bytes more than needed make the remainder even
      const random = bytesToInteger(this.#random(byteLength(modulus) + 8)) % modulus;
      const unmask = invert(random, modulus);
      if (unmask !== undefined) return { mask: powerPublic(random, exponent, modulus), unmask, uses: 1 };
    }
  }
}
