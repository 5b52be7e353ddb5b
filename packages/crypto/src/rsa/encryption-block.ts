import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, type RandomBytes, randomBytes } from '../bytes.js';
import { UsageError } from '../errors.js';
import { encodeUtf8 } from '../format/utf8.js';

/** Bytes of a block that are not message: 00 02, eight of filler, 00. */
export const paddingBytes = 11;

/** Tries at drawing a length for a made-up message; the last that fits counts. */
const lengthTries = 128;

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
 * For plug-ins too, whose platform does the bare private operation. OpenSSL from 3.2 on makes up the same bytes.
 * @param block the outcome of the private operation, as long as the modulus
 * @param ciphertext what it was made from, of the same length
 * @param secret `rejectionSecret` of the key
 * @throws {UsageError} the two have different lengths
 * @see draft-irtf-cfrg-rsa-guidance, section 7
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

  const seed = hmac(sha256, secret, ciphertext);
  const invented = expand(seed, 'message', length);
  const start = select(good, separator + 1, length - inventLength(seed, length));
  for (let i = 0; i < length; i++) {
    invented[i] = select(good, block[i] as number, invented[i] as number);
  }
  const message = invented.slice(start);
  invented.fill(0);
  return message;
}

/** A length from 0 to `length - 11`, evenly spread but for a chance below 2^-120. */
function inventLength(seed: Uint8Array, length: number): number {
  const limit = length - paddingBytes + 1;
  const mask = 2 ** (32 - Math.clz32(limit)) - 1;
  const draws = expand(seed, 'length', 2 * lengthTries);
  let result = 0;
  for (let i = 0; i < draws.length; i += 2) {
    const draw = (((draws[i] as number) << 8) | (draws[i + 1] as number)) & mask;
    result = select(maskLess(draw, limit), draw, result);
  }
  return result;
}

/** Bytes that follow from a seed and a label: HMAC over counter, label and wanted bits, each block 32 bytes. */
function expand(seed: Uint8Array, label: string, length: number): Uint8Array {
  const bits = length * 8;
  const tail = concatBytes(encodeUtf8(label), Uint8Array.of(bits >> 8, bits & 0xff));
  const blocks: Uint8Array[] = [];
  for (let i = 0; i * 32 < length; i++) {
    blocks.push(hmac(sha256, seed, concatBytes(Uint8Array.of(i >> 8, i & 0xff), tail)));
  }
  return concatBytes(...blocks).slice(0, length);
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
