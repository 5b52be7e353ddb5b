const windowBits = 5;

/**
 * An exponent cut into windows of five bits, highest first, to be used many times.
 *
 * Digits run from 1 to 32 instead of 0 to 31, so that each window costs five squarings and one real
 * multiplication, whatever the bits of a secret exponent are.
 */
export type PreparedExponent = Uint8Array;

/** @throws {RangeError} not positive */
export function prepareExponent(exponent: bigint): PreparedExponent {
  if (exponent <= 0n) throw new RangeError('expected a positive exponent');
  const digits: number[] = [];
  for (let rest = exponent; rest > 0n; ) {
    const digit = Number(BigInt.asUintN(windowBits, rest)) || 1 << windowBits;
    digits.push(digit);
    rest = (rest - BigInt(digit)) >> BigInt(windowBits);
  }
  return Uint8Array.from(digits.reverse());
}

/**
 * `base ** exponent % modulus` for a long exponent.
 *
 * The engine's own remainder is faster than Montgomery or Barrett reduction written over it, and several
 * times faster than limbs in typed arrays, so there are none here.
 */
export function power(base: bigint, exponent: PreparedExponent, modulus: bigint): bigint {
  const first = base % modulus;
  const table: bigint[] = [1n, first];
  for (let i = 2; i <= 1 << windowBits; i++) table.push(((table[i - 1] as bigint) * first) % modulus);
  let result = table[exponent[0] as number] as bigint;
  for (let i = 1; i < exponent.length; i++) {
    for (let bit = 0; bit < windowBits; bit++) result = (result * result) % modulus;
    result = (result * (table[exponent[i] as number] as bigint)) % modulus;
  }
  return result;
}

/** The same for a short exponent that everybody knows, such as 65537. */
export function powerPublic(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const first = base % modulus;
  let result = first;
  for (const bit of exponent.toString(2).slice(1)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * first) % modulus;
  }
  return result;
}
