import type { DatabaseOperation, SyncedDatabase } from '@dimp/store/synced';
import { type Digest, digestBytes, holdsDigest } from './digest.js';
import { DigestFilter } from './digest-filter.js';
import { DigestTable } from './digest-table.js';
import { bucketKey, filterKey, filterRange, generationOfKey, noteKey, noteRange } from './message-keys.js';

/** Digests of a generation: so many are in memory as they are, in four megabytes. */
const generationSize = 131_072;
/** Digests that lie together on disk, about. */
const bucketSize = 256;
/**
 * Bytes in front of the digests of a note: when the first and the last of them came. In front of the bits of a filter:
 * when the last came, and the number of buckets.
 */
const headBytes = 16;

/** Digests that are on disk only, with what says of most others that they are not among them. */
interface Generation {
  readonly number: number;
  readonly filter: DigestFilter;
  /** When the last of them came. */
  readonly newest: number;
  readonly buckets: number;
}

/**
 * Which messages came before, for a retention at least and two at most.
 *
 * The last ones are in memory, and on disk as notes of many digests each, which are read at the start. When they are
 * enough they become a generation: buckets by the first bits of the digests on disk, and a filter in memory. So asking
 * costs no reading of the disk unless the answer is yes, and a million messages cost two megabytes.
 */
export class SeenMessages {
  readonly #database: SyncedDatabase;
  readonly #older: Generation[] = [];
  #table = new DigestTable();
  /** The one before, until its buckets are on disk for sure. */
  #last: DigestTable | undefined;
  /** When the first and the last one in the table came. */
  #begun = Number.POSITIVE_INFINITY;
  #newest = 0;
  #number = 1;
  #notes = 0;

  private constructor(database: SyncedDatabase) {
    this.#database = database;
  }

  static async open(database: SyncedDatabase): Promise<SeenMessages> {
    const seen = new SeenMessages(database);
    for await (const page of database.scan(filterRange)) {
      for (const [key, value] of page) {
        const [newest, buckets] = readHead(value);
        const filter = new DigestFilter(value.slice(headBytes));
        seen.#older.push({ number: generationOfKey(key), filter, newest, buckets });
      }
    }
    seen.#number = (seen.#older.at(-1)?.number ?? 0) + 1;
    for await (const page of database.scan(noteRange)) {
      for (const [key, value] of page) {
        seen.#number = generationOfKey(key);
        seen.#notes++;
        const [begun, newest] = readHead(value);
        seen.#table.addAll(value.subarray(headBytes));
        seen.#begun = Math.min(seen.#begun, begun);
        seen.#newest = Math.max(seen.#newest, newest);
      }
    }
    return seen;
  }

  /** Whether a message came before; undefined when the disk has to be asked. */
  has(digest: Digest): boolean | undefined {
    if (this.#table.has(digest) || this.#last?.has(digest) === true) return true;
    for (const { filter } of this.#older) if (filter.mayHave(digest)) return undefined;
    return false;
  }

  /** Whether a message came before, asking the disk. */
  async find(digest: Digest): Promise<boolean> {
    for (const { number, filter, buckets } of this.#older) {
      if (!filter.mayHave(digest)) continue;
      const bucket = await this.#database.read(bucketKey(number, bucketOf(digest, buckets)));
      if (bucket !== undefined && holdsDigest(bucket, digest)) return true;
    }
    return this.#table.has(digest) || this.#last?.has(digest) === true;
  }

  /** @param time when it came, in seconds */
  add(digest: Digest, time: number): void {
    this.#table.add(digest);
    this.#begun = Math.min(this.#begun, time);
    this.#newest = Math.max(this.#newest, time);
  }

  /**
   * What makes digests that were added known to the next run. What was to be done before is on disk.
   * @param digests one behind the other
   */
  note(digests: Uint8Array): DatabaseOperation {
    this.#last = undefined;
    const value = withHead(this.#begun, this.#newest, digests);
    return { type: 'put', key: noteKey(this.#number, this.#notes++), value };
  }

  /** What is to be done when there are enough of them, or the first has been there for a retention. */
  turn(before: number): readonly DatabaseOperation[] {
    if (this.#table.count < generationSize && this.#begun >= before) return [];
    return this.#table.count === 0 ? [] : this.#freeze();
  }

  /** What takes away all that came before, in pieces that are to be written one after the other. */
  *expire(before: number): Generator<readonly DatabaseOperation[]> {
    for (let [oldest] = this.#older; oldest !== undefined && oldest.newest < before; [oldest] = this.#older) {
      this.#older.shift();
      const { number, buckets } = oldest;
      yield deletions([
        filterKey(number),
        ...Array.from({ length: buckets }, (_, at) => bucketKey(number, at)),
      ]);
    }
    if (this.#table.count > 0 && this.#newest < before) yield this.#begin();
  }

  /** Makes a generation of those in memory. */
  #freeze(): readonly DatabaseOperation[] {
    const { count } = this.#table;
    const number = this.#number;
    const newest = this.#newest;
    const buckets = 2 ** Math.max(0, Math.ceil(Math.log2(count / bucketSize)));
    const digests = this.#table.bytes();
    const filter = DigestFilter.create(count);
    filter.addAll(digests);
    this.#older.push({ number, filter, newest, buckets });
    this.#last = this.#table;
    this.#number++;
    return [
      { type: 'put', key: filterKey(number), value: withHead(newest, buckets, filter.bytes) },
      ...inBuckets(digests, buckets).map(
        (value, bucket): DatabaseOperation => ({ type: 'put', key: bucketKey(number, bucket), value }),
      ),
      ...this.#begin(number),
    ];
  }

  /** Begins with an empty table. The notes of what was in it are to be taken away. */
  #begin(number: number = this.#number): readonly DatabaseOperation[] {
    const keys = Array.from({ length: this.#notes }, (_, note) => noteKey(number, note));
    this.#table = new DigestTable();
    this.#begun = Number.POSITIVE_INFINITY;
    this.#newest = 0;
    this.#notes = 0;
    return deletions(keys);
  }
}

/** The place of a digest is said by its first bits, so that buckets are of like size. */
function bucketOf({ a }: Digest, buckets: number): number {
  return Math.floor(((a >>> 0) / 2 ** 32) * buckets);
}

/** Digests that lie one behind the other, parted. */
function inBuckets(digests: Uint8Array, buckets: number): readonly Uint8Array[] {
  const view = new DataView(digests.buffer, digests.byteOffset, digests.length);
  const bucketAt = (at: number): number => Math.floor((view.getUint32(at) / 2 ** 32) * buckets);
  const sizes = Array<number>(buckets).fill(0);
  for (let at = 0; at < digests.length; at += digestBytes) {
    const bucket = bucketAt(at);
    sizes[bucket] = (sizes[bucket] as number) + digestBytes;
  }
  const parts = sizes.map(size => new DataView(new ArrayBuffer(size)));
  const ends = Array<number>(buckets).fill(0);
  for (let at = 0; at < digests.length; at += digestBytes) {
    const bucket = bucketAt(at);
    const end = ends[bucket] as number;
    for (let byte = 0; byte < digestBytes; byte += 4)
      parts[bucket]?.setInt32(end + byte, view.getInt32(at + byte));
    ends[bucket] = end + digestBytes;
  }
  return parts.map(({ buffer }) => new Uint8Array(buffer));
}

function deletions(keys: readonly Uint8Array[]): readonly DatabaseOperation[] {
  return keys.map(key => ({ type: 'del', key }));
}

function withHead(first: number, second: number, body: Uint8Array): Uint8Array {
  const value = new Uint8Array(headBytes + body.length);
  const view = new DataView(value.buffer);
  view.setFloat64(0, first);
  view.setFloat64(8, second);
  value.set(body, headBytes);
  return value;
}

function readHead(value: Uint8Array): readonly [first: number, second: number] {
  const view = new DataView(value.buffer, value.byteOffset);
  return [view.getFloat64(0), view.getFloat64(8)];
}
