import { type Digest, digestBytes } from './digest.js';

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

  /** @param digests one behind the other */
  addAll(digests: Uint8Array): void {
    const view = new DataView(digests.buffer, digests.byteOffset, digests.length);
    for (let at = 0; at + digestBytes <= digests.length; at += digestBytes) {
      const [start, step] = [view.getInt32(at + 4), view.getInt32(at + 8)];
      for (let probe = 0; probe < probes; probe++) {
        const bit = this.#bit(start, step, probe);
        this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] as number) | (1 << (bit & 7));
      }
    }
  }

  /** False when it was never added. */
  mayHave({ b, c }: Digest): boolean {
    for (let probe = 0; probe < probes; probe++) {
      const bit = this.#bit(b, c, probe);
      if (((this.bytes[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  /** Digests are random already, so their words need no hashing. The first one says where it lies on disk. */
  #bit(start: number, step: number, probe: number): number {
    return (start + Math.imul(step | 1, probe)) & this.#mask;
  }
}
