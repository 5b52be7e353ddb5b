import { concatBytes, type RandomBytes, randomBytes } from '../bytes.js';
import { sha256 } from '../digest/sha256.js';
import { UsageError } from '../errors.js';

/** Bytes of a block that are not message: 00 02, eight of filler, 00. */
export const paddingBytes = 11;

/**
 * EME-PKCS1-v1_5: 00 02, filler without zeros, 00, message.
 * @param length bytes of the modulus
 * @throws {RangeError} more than `length - 11` bytes
 * @see RFC 8017 7.2.1
 */
export function padMessage(
  message: Uint8Array,
  length: number,
  random: RandomBytes = randomBytes,
): Uint8Array {
  const capacity = length - paddingBytes;
  if (message.length > capacity) {
    throw new RangeError(`expected at most ${capacity} bytes to encrypt, got ${message.length}`);
  }
  const block = new Uint8Array(length);
  block[1] = 2;
  const end = length - message.length - 1;
  let offset = 2;
  while (offset < end) {
    for (const byte of random(end - offset)) {
      if (byte !== 0) block[offset++] = byte;
    }
  }
  block.set(message, end + 1);
  return block;
}

/**
 * Takes the message out of a block, without showing whether the padding was good: when it was not, the result
 * is a message made up from the ciphertext and the key, the same each time (implicit rejection). It works in
 * whole numbers of 32 bits and without branches on the block; only the length of the result shows.
 *
 * For plug-ins too, whose platform does the bare private operation. As draft-irtf-cfrg-rsa-guidance has it, but
 * with a handful of digests in place of some thirty, since they are paid for with every message.
 * @param block the outcome of the private operation, as long as the modulus
 * @param ciphertext what it was made from, of the same length
 * @param secret `rejectionSecret` of the key
 * @throws {UsageError} the two have different lengths
 */
export function unpadMessage(block: Uint8Array, ciphertext: Uint8Array, secret: Uint8Array): Uint8Array {
  const { length } = block;
  if (length !== ciphertext.length || length < paddingBytes) {
    throw new UsageError('Block and ciphertext differ in length; give both as long as the modulus.');
  }
  let separator = 0;
  let found = 0;
  for (let i = 2; i < length; i++) {
    const zero = maskZero(block[i] as number);
    separator |= i & zero & ~found;
    found |= zero;
  }
  const head = (block[0] as number) | ((block[1] as number) ^ 2);
  // without a separator this is place 0, which is too early as well
  const good = maskZero(head) & ~maskLess(separator, paddingBytes - 1);

  const seed = sha256(concatBytes(secret, ciphertext));
  const invented = expand(seed, length);
  const start = select(good, separator + 1, length - inventLength(seed, length));
  for (let i = 0; i < length; i++) {
    invented[i] = select(good, block[i] as number, invented[i] as number);
  }
  const message = invented.slice(start);
  invented.fill(0);
  return message;
}

/** A length from 0 to `length - 11`. */
function inventLength(seed: Uint8Array, length: number): number {
  return new DataView(seed.buffer, seed.byteOffset).getUint32(0) % (length - paddingBytes + 1);
}

/** Bytes that follow from a seed: digests of the seed and a counter. */
function expand(seed: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(length / 32) * 32);
  const input = new Uint8Array(33);
  input.set(seed);
  for (let i = 0; i * 32 < length; i++) {
    input[32] = i;
    bytes.set(sha256(input), i * 32);
  }
  return bytes.subarray(0, length);
}

// masks are -1 (all bits) for yes and 0 for no; arguments are small and not negative

function maskZero(value: number): number {
  return ~(value | -value) >> 31;
}

function maskLess(a: number, b: number): number {
  return (a - b) >> 31;
}

function select(mask: number, yes: number, no: number): number {
  return (yes & mask) | (no & ~mask);
}
