import type { Digest } from './digest.js';

/** Bits for each digest, and how many of them are set: one in 2,000 that are not in it is said to be, perhaps. */
const bitsPerDigest = 16;
const probes = 8;
const leastBits = 1024;

/** A Bloom filter: says of nearly all digests that are not in a set that they are not. */
export class DigestFilter {
  /** Their number is a power of two. */
  readonly bytes: Uint8Array;
  readonly #mask: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#mask = bytes.length * 8 - 1;
  }

  /** An empty one for so many digests. */
  static create(count: number): DigestFilter {
    const bits = Math.max(leastBits, 2 ** Math.ceil(Math.log2(count * bitsPerDigest)));
    return new DigestFilter(new Uint8Array(bits / 8));
  }

  add(digest: Digest): void {
    for (let probe = 0; probe < probes; probe++) {
      const bit = this.#bit(digest, probe);
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  /** False when it was never added. */
  mayHave(digest: Digest): boolean {
    for (let probe = 0; probe < probes; probe++) {
      const bit = this.#bit(digest, probe);
      if (((this.bytes[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  /** Digests are random already, so their words need no hashing. The first one says where it lies on disk. */
  #bit({ b, c }: Digest, probe: number): number {
    return (b + Math.imul(c | 1, probe)) & this.#mask;
  }
}
