import { sha256 } from '../digest/sha256.js';
import { KeyFormatError, UsageError } from '../errors.js';
import { byteLength, commonFactor, integerToBytes, invert } from './integers.js';

/** What an RSA public key is made of. */
export interface RsaPublicNumbers {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** What an RSA private key is made of, by the names of RFC 8017. Every member but the first two is secret. */
export interface RsaPrivateNumbers extends RsaPublicNumbers {
  readonly privateExponent: bigint;
  readonly prime1: bigint;
  readonly prime2: bigint;
  /** `privateExponent` modulo `prime1 - 1`. */
  readonly exponent1: bigint;
  /** `privateExponent` modulo `prime2 - 1`. */
  readonly exponent2: bigint;
  /** Inverse of `prime2` modulo `prime1`. */
  readonly coefficient: bigint;
}

/**
 * All numbers of a private key.
 * @throws {UsageError} the primes are the same, or do not allow the exponent
 */
export function privateNumbersOf(p: bigint, q: bigint, exponent: bigint): RsaPrivateNumbers {
  const [prime1, prime2] = p > q ? [p, q] : [q, p];
  const [phi1, phi2] = [prime1 - 1n, prime2 - 1n];
  const privateExponent = invert(exponent, (phi1 * phi2) / commonFactor(phi1, phi2));
  const coefficient = invert(prime2, prime1);
  if (privateExponent === undefined || coefficient === undefined) {
    throw new UsageError('No RSA key from these primes; give two different ones that allow the exponent.');
  }
  return {
    modulus: prime1 * prime2,
    exponent,
    privateExponent,
    prime1,
    prime2,
    exponent1: privateExponent % phi1,
    exponent2: privateExponent % phi2,
    coefficient,
  };
}

/**
 * Whether the numbers of a private key belong together. That the primes are prime is not tested: a key for
 * which they are not gives wrong results, which the private operation notices.
 * @throws {KeyFormatError} they do not
 */
export function checkConsistent(numbers: RsaPrivateNumbers): void {
  const { modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = numbers;
  const [phi1, phi2] = [prime1 - 1n, prime2 - 1n];
  const consistent =
    phi1 > 0n &&
    phi2 > 0n &&
    prime1 !== prime2 &&
    prime1 * prime2 === modulus &&
    privateExponent > 0n &&
    privateExponent < modulus &&
    (exponent * privateExponent) % phi1 === 1n &&
    (exponent * privateExponent) % phi2 === 1n &&
    exponent1 === privateExponent % phi1 &&
    exponent2 === privateExponent % phi2 &&
    coefficient < prime1 &&
    (coefficient * prime2) % prime1 === 1n;
  if (!consistent) {
    throw new KeyFormatError(
      'The numbers of this RSA private key do not belong together; expected them as RFC 8017 A.1.2 says. ' +
        'The key was damaged or altered: take it from its backup.',
    );
  }
}

/** The secret from which `unpadMessage` makes up messages for bad ciphertexts; one for each private key. */
export function rejectionSecret(numbers: RsaPrivateNumbers): Uint8Array {
  return sha256(integerToBytes(numbers.privateExponent, byteLength(numbers.modulus)));
}
