/** How many numbers of a conversation one segment of its index is for. */
export const segmentSize = 256;

/** Which segment a message is in. */
export function segmentOf(number: number): number {
  return Math.floor(number / segmentSize);
}

/** How many records a segment is in: a search reads, of all segments, only those its terms are in. */
export const bucketCount = 16;

/** In which of its records a segment has a term. @param hash see `hashTerm` */
export function bucketOf(hash: number): number {
  return hash >>> 28;
}

/**
 * One segment of an index: which of 256 messages a term is in. As many records as there are buckets.
 *
 * Each has a count of terms in 4 bytes, then 4 bytes for each term in ascending order, which are a hash of it, then a
 * byte for each term with the number of its messages less one, then their places in the segment, a byte each and
 * ascending. Two terms may have one hash, so what is found is to be looked at.
 *
 * @param terms hashes of those of each message, by its place in the segment
 */
export function encodeSegment(terms: ReadonlyMap<number, readonly number[]>): readonly Uint8Array[] {
  const pairs: number[] = [];
  for (const [place, hashes] of terms) {
    for (const hash of hashes) pairs.push(hash * segmentSize + place);
  }
  const sorted = new Float64Array(pairs).sort();
  const records: Uint8Array[] = [];
  let start = 0;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const limit = (bucket + 1) * 2 ** 28 * segmentSize;
    let end = start;
    while (end < sorted.length && (sorted[end] as number) < limit) end++;
    records.push(encodeBucket(sorted.subarray(start, end)));
    start = end;
  }
  return records;
}

/** @param pairs of hash and place in one number, ascending; two terms with one hash may give one pair twice */
function encodeBucket(pairs: Float64Array): Uint8Array {
  const hashes: number[] = [];
  const counts: number[] = [];
  const places: number[] = [];
  let before = -1;
  for (const pair of pairs) {
    if (pair === before) continue;
    before = pair;
    const hash = Math.floor(pair / segmentSize);
    if (hash === hashes.at(-1)) counts[counts.length - 1] = (counts.at(-1) as number) + 1;
    else {
      hashes.push(hash);
      counts.push(0);
    }
    places.push(pair % segmentSize);
  }
  const bytes = new Uint8Array(4 + 5 * hashes.length + places.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, hashes.length);
  for (const [index, hash] of hashes.entries()) view.setUint32(4 + 4 * index, hash);
  bytes.set(counts, 4 + 4 * hashes.length);
  bytes.set(places, 4 + 5 * hashes.length);
  return bytes;
}

/** The places of messages with a term, ascending. @param bytes the record of its bucket */
export function findInSegment(bytes: Uint8Array, hash: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint32(0);
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (view.getUint32(4 + 4 * middle) < hash) low = middle + 1;
    else high = middle;
  }
  if (low === length || view.getUint32(4 + 4 * low) !== hash) return nowhere;
  const counts = 4 + 4 * length;
  let start = counts + length + low;
  for (let index = 0; index < low; index++) start += bytes[counts + index] as number;
  return bytes.subarray(start, start + (bytes[counts + low] as number) + 1);
}

const nowhere = /* @__PURE__ */ new Uint8Array();

/** 32 bits of a term (FNV-1a over its UTF-16 units, mixed at the end). */
export function hashTerm(term: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
