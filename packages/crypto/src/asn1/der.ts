import { concatBytes, equalBytes } from '../bytes.js';
import { KeyFormatError } from '../errors.js';

/** The tags that keys are made of. */
export const Tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
  /** `[0]`: the attributes of PKCS#8, the curve of SEC1. */
  context0: 0xa0,
  /** `[1]`: the public point of SEC1, the public key of later PKCS#8. */
  context1: 0xa1,
} as const;

/**
 * Reads the elements of one level of a DER text, in order.
 *
 * Strict: definite lengths in their shortest form, shortest integers, no negative ones. There is no
 * recursion, so the depth is that of the structure asked for. Whoever reads calls `end` when done.
 */
export class DerReader {
  readonly #data: Uint8Array;
  #offset = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** The tag of the next element; undefined at the end. */
  get nextTag(): number | undefined {
    return this.#data[this.#offset];
  }

  /** The bytes of the next element, without tag and length. @throws {KeyFormatError} */
  read(tag: number): Uint8Array {
    if (this.nextTag !== tag) throw derError(`an element with tag ${tag}`);
    this.#offset++;
    const length = this.#length();
    const start = this.#offset;
    if (length > this.#data.length - start) throw derError('an element that ends inside its parent');
    this.#offset = start + length;
    return this.#data.subarray(start, this.#offset);
  }

  sequence(): DerReader {
    return new DerReader(this.read(Tag.sequence));
  }

  /** The big-endian bytes of an integer. @throws {KeyFormatError} negative, or longer than needed */
  integer(): Uint8Array {
    const content = this.read(Tag.integer);
    const [first, second = 0x80] = content;
    if (first === undefined || first >= 0x80 || (first === 0 && content.length > 1 && second < 0x80)) {
      throw derError('a positive integer in its shortest form');
    }
    return content;
  }

  /** A bit string of whole bytes. */
  bitString(): Uint8Array {
    const content = this.read(Tag.bitString);
    if (content[0] !== 0) throw derError('a bit string of whole bytes');
    return content.subarray(1);
  }

  /** @throws {KeyFormatError} another identifier */
  objectIdentifier(expected: Uint8Array, name: string): void {
    if (!equalBytes(this.read(Tag.objectIdentifier), expected)) throw derError(`the algorithm ${name}`);
  }

  null(): void {
    if (this.read(Tag.null).length !== 0) throw derError('an empty null');
  }

  /** @throws {KeyFormatError} something is left */
  end(): void {
    if (this.#offset !== this.#data.length) throw derError('nothing more at the end of an element');
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    // 0x80 is the indefinite length of BER; two bytes count more than a key may have
    if (count < 1 || count > 2) throw derError('a definite length of at most two bytes');
    let length = 0;
    for (let i = 0; i < count; i++) length = (length << 8) | this.#byte();
    if (length < 0x80 || length >> (8 * (count - 1)) === 0) throw derError('a length in its shortest form');
    return length;
  }

  #byte(): number {
    const byte = this.#data[this.#offset++];
    if (byte === undefined) throw derError('a whole element');
    return byte;
  }
}

/** One element. @throws {RangeError} more than 65,535 bytes */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...contents);
  const { length } = content;
  if (length > 0xffff) throw new RangeError('expected at most 65,535 bytes in one element');
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concatBytes(Uint8Array.of(tag, ...head), content);
}

/** What is thrown for DER that is not as it must be. */
export function derError(expected: string): KeyFormatError {
  return new KeyFormatError(`The key is not well-formed DER: expected ${expected}. Ask for the key again.`);
}
