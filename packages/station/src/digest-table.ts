import type { Digest } from './digest.js';

/** Slots of an empty table, and words of one slot. */
const firstSlots = 1024;
const slotWords = 4;

/** A set of digests in 32 to 64 bytes for each: no object is made for any of them. */
export class DigestTable {
  #words = new Int32Array(firstSlots * slotWords);
  #mask = firstSlots - 1;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  has(digest: Digest): boolean {
    return !isFree(this.#words, this.#find(digest));
  }

  add(digest: Digest): void {
    if (this.#count * 2 > this.#mask) this.#grow();
    if (this.#put(digest)) this.#count++;
  }

  /** All of them, in no order. */
  *values(): Generator<Digest> {
    const words = this.#words;
    for (let at = 0; at < words.length; at += slotWords) if (!isFree(words, at)) yield digestAt(words, at);
  }

  /** Where a digest is, or would be. */
  #find({ a, b, c, d }: Digest): number {
    const words = this.#words;
    for (let slot = a & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * slotWords;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return at;
      if (isFree(words, at)) return at;
    }
  }

  /** Whether it was not there. */
  #put(digest: Digest): boolean {
    const [words, at] = [this.#words, this.#find(digest)];
    if (!isFree(words, at)) return false;
    words[at] = digest.a;
    words[at + 1] = digest.b;
    words[at + 2] = digest.c;
    words[at + 3] = digest.d;
    return true;
  }

  #grow(): void {
    const old = this.#words;
    this.#words = new Int32Array(old.length * 2);
    this.#mask = this.#words.length / slotWords - 1;
    for (let at = 0; at < old.length; at += slotWords) {
      if (isFree(old, at)) continue;
      this.#put(digestAt(old, at));
    }
  }
}

/** No digest is all zeros, or somebody would have found what has that SHA-256. */
function isFree(words: Int32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
}

function digestAt(words: Int32Array, at: number): Digest {
  return {
    a: words[at] as number,
    b: words[at + 1] as number,
    c: words[at + 2] as number,
    d: words[at + 3] as number,
  };
}
