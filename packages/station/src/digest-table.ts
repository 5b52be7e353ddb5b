import { type Digest, digestBytes } from './digest.js';

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

  has({ a, b, c, d }: Digest): boolean {
    return !isFree(this.#words, this.#find(a, b, c, d));
  }

  add({ a, b, c, d }: Digest): void {
    this.#makeRoom(1);
    this.#put(a, b, c, d);
  }

  /** @param digests one behind the other */
  addAll(digests: Uint8Array): void {
    const view = new DataView(digests.buffer, digests.byteOffset, digests.length);
    this.#makeRoom(digests.length / digestBytes);
    for (let at = 0; at + digestBytes <= digests.length; at += digestBytes) {
      this.#put(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12));
    }
  }

  /** All of them, one behind the other, in no order. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#count * digestBytes);
    const view = new DataView(bytes.buffer);
    const words = this.#words;
    let end = 0;
    for (let at = 0; at < words.length; at += slotWords) {
      if (isFree(words, at)) continue;
      for (let word = 0; word < slotWords; word++) view.setInt32(end + 4 * word, words[at + word] as number);
      end += digestBytes;
    }
    return bytes;
  }

  /** Where a digest is, or would be. */
  #find(a: number, b: number, c: number, d: number): number {
    const words = this.#words;
    for (let slot = a & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * slotWords;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return at;
      if (isFree(words, at)) return at;
    }
  }

  #put(a: number, b: number, c: number, d: number): void {
    const [words, at] = [this.#words, this.#find(a, b, c, d)];
    if (!isFree(words, at)) return;
    this.#count++;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
  }

  /** Keeps half of the slots free. */
  #makeRoom(more: number): void {
    const old = this.#words;
    let slots = this.#mask + 1;
    while ((this.#count + more) * 2 > slots) slots *= 2;
    if (slots === this.#mask + 1) return;
    this.#words = new Int32Array(slots * slotWords);
    this.#mask = slots - 1;
    this.#count = 0;
    for (let at = 0; at < old.length; at += slotWords) {
      if (isFree(old, at)) continue;
      this.#put(old[at] as number, old[at + 1] as number, old[at + 2] as number, old[at + 3] as number);
    }
  }
}

/** No digest is all zeros, or somebody would have found what has that SHA-256. */
function isFree(words: Int32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
}
