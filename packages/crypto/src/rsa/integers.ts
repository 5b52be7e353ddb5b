/** The whole number of big-endian bytes; leading zeros and no bytes at all are fine. */
export function bytesToInteger(data: Uint8Array): bigint {
  // words of 64 bits are twice as fast as hexadecimal text
  const padded = new Uint8Array((data.length + 7) & ~7);
  padded.set(data, padded.length - data.length);
  const view = new DataView(padded.buffer);
  let value = 0n;
  for (let offset = 0; offset < padded.length; offset += 8) {
    value = (value << 64n) | view.getBigUint64(offset);
  }
  return value;
}

/**
 * Big-endian bytes of a whole number, filled with zeros to the length.
 * @throws {RangeError} the number is negative or takes more bytes
 */
export function integerToBytes(value: bigint, length: number): Uint8Array {
  const padded = new Uint8Array((length + 7) & ~7);
  const view = new DataView(padded.buffer);
  let rest = value;
  for (let offset = padded.length - 8; offset >= 0; offset -= 8) {
    view.setBigUint64(offset, BigInt.asUintN(64, rest));
    rest >>= 64n;
  }
  const surplus = padded.length - length;
  if (rest !== 0n || padded.subarray(0, surplus).some(byte => byte !== 0)) {
    throw new RangeError(`expected a whole number of at most ${length} bytes`);
  }
  return padded.slice(surplus);
}

/** How many bits a positive number takes; 0 for zero. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = value.toString(16);
  return digits.length * 4 - (Math.clz32(Number.parseInt(digits[0] as string, 16)) - 28);
}

/** How many bytes a positive number takes. */
export function byteLength(value: bigint): number {
  return Math.ceil(bitLength(value) / 8);
}

/** The number that gives 1 when multiplied; undefined when the two have a common factor. */
export function invert(value: bigint, modulus: bigint): bigint | undefined {
  let [a, b] = [value % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  if (b !== 1n) return undefined;
  return y < 0n ? y + modulus : y;
}

/** The greatest common factor of two positive numbers. */
export function commonFactor(first: bigint, second: bigint): bigint {
  let [a, b] = [first, second];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
