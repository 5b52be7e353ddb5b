import { checkNumber } from '../check-arguments.js';
import { KeyFormatError } from '../errors.js';
import { limits } from '../limits.js';
import { bitLength } from './integers.js';
import type { RsaPublicNumbers } from './numbers.js';

/** The one public exponent that is used and accepted. */
export const publicExponent = 65537n;

/**
 * Whether a modulus may have this many bits.
 * @throws {KeyFormatError} it may not
 * @throws {TypeError} no number
 */
export function checkModulusBits(bits: number): void {
  checkNumber(bits, 'bits');
  if (bits >= limits.rsaMinBits && bits <= limits.rsaMaxBits && bits % 8 === 0) return;
  throw new KeyFormatError(
    `RSA modulus of ${bits} bits; expected ${limits.rsaMinBits} to ${limits.rsaMaxBits} bits, a multiple of 8. ` +
      'Use a key of 2048 bits.',
  );
}

/**
 * The key policy: 1024 to 4096 bits in whole bytes, so that the top bit of the first byte is set; an odd
 * modulus; exponent 65537. A smaller exponent invites known attacks, a larger one costs the verifier.
 * @throws {KeyFormatError} what is wrong with the key
 */
export function checkPublicNumbers(numbers: RsaPublicNumbers): void {
  checkModulusBits(bitLength(numbers.modulus));
  if ((numbers.modulus & 1n) === 0n) {
    throw new KeyFormatError(
      'RSA modulus is even; expected an odd number. The key was damaged: ask for it again.',
    );
  }
  if (numbers.exponent !== publicExponent) {
    throw new KeyFormatError(
      `RSA public exponent is another; expected ${publicExponent}. Make a new key with this exponent.`,
    );
  }
}
