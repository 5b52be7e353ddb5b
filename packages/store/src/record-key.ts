import { concatBytes } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeUtf8 } from '@dimp/crypto/format';
import type { DatabaseRange } from './database.js';
import { type Space, spaces } from './spaces.js';

/** Where a record lies. Made by `RecordKeys` only. */
export interface RecordKey {
  readonly bytes: Uint8Array;
  /** The same, a character for a byte: equal and ordered as the bytes are. */
  readonly text: string;
}

/** Which of the records of an ordered run: numbers from `from` on, before `before`. */
export interface SequenceBounds {
  readonly from?: number;
  readonly before?: number;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** Bytes of a keyed hash in a record's key. */
const hashBytes = 16;
const blockBytes = 64;
/** Names whose hash is kept: the same few conversations come again and again. */
const cacheSize = 4096;

/**
 * Makes the keys of records: the byte of the space, then a keyed hash of what names the record, so that a disk
 * shows no IDs. Records with an order have a number behind the hash.
 *
 * The hash is HMAC-SHA-256, cut to 16 bytes, over space and names. Every space has hashes of its own.
 */
export class RecordKeys {
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;
  readonly #places: NameTree = { children: new Map() };
  readonly #members: NameTree = { children: new Map() };
  #cached = 0;

  /** @param secret 32 bytes */
  constructor(secret: Uint8Array) {
    const block = new Uint8Array(blockBytes);
    block.set(secret);
    this.#inner = block.map(byte => byte ^ 0x36);
    this.#outer = block.map(byte => byte ^ 0x5c);
  }

  /** The key of one record that is found by names: `key('message key', sender.key, target.key)`. */
  key(space: Space, ...names: readonly string[]): RecordKey {
    return this.#place(space, names);
  }

  /** The key of one record in a group of records that can be listed together, see `range`. */
  member(space: Space, group: string, ...names: readonly string[]): RecordKey {
    const known = find(this.#members, space, [group, ...names]);
    if (known.key === undefined) {
      this.#note();
      const hash = this.#place(space, names).bytes.subarray(1);
      known.key = makeKey(concatBytes(this.#place(space, [group]).bytes, hash));
    }
    return known.key;
  }

  /** The key of one record in a run of records in the order of their numbers, see `sequence`. */
  ordered(space: Space, group: string, number: number): RecordKey {
    const place = this.#place(space, [group]);
    return { bytes: appendNumber(place.bytes, number), text: place.text + numberText(number) };
  }

  /** All records of a space, or those of one group in it. */
  range(space: Space, group?: string): DatabaseRange {
    const prefix = group === undefined ? Uint8Array.of(spaces[space]) : this.#place(space, [group]).bytes;
    return { gte: prefix, lt: after(prefix) };
  }

  /** The records of an ordered run. */
  sequence(space: Space, group: string, bounds: SequenceBounds = {}): DatabaseRange {
    const { from, before, reverse, limit } = bounds;
    const prefix = this.#place(space, [group]).bytes;
    return {
      gte: from === undefined ? prefix : appendNumber(prefix, from),
      lt: before === undefined ? after(prefix) : appendNumber(prefix, before),
      ...(reverse !== undefined && { reverse }),
      ...(limit !== undefined && { limit }),
    };
  }

  /** The space's number with the hash of names in it. */
  #place(space: Space, names: readonly string[]): RecordKey {
    const known = find(this.#places, space, names);
    if (known.key === undefined) {
      this.#note();
      known.key = this.#hash(spaces[space], names);
    }
    return known.key;
  }

  /** One more key is kept. */
  #note(): void {
    if (++this.#cached <= cacheSize) return;
    this.#places.children.clear();
    this.#members.children.clear();
    this.#cached = 0;
  }

  #hash(number: number, names: readonly string[]): RecordKey {
    // lengths in front, so that no two lists of names give one text
    let text = `${number}`;
    for (const name of names) text += ` ${name.length}:${name}`;
    const inner = sha256(concatBytes(this.#inner, encodeUtf8(text)));
    const hash = sha256(concatBytes(this.#outer, inner)).subarray(0, hashBytes);
    return makeKey(concatBytes(Uint8Array.of(number), hash));
  }
}

/** Keys by their names, one after the other. */
interface NameTree {
  readonly children: Map<string, NameTree>;
  key?: RecordKey;
}

function find(tree: NameTree, space: Space, names: readonly string[]): NameTree {
  let found = childOf(tree, space);
  for (const name of names) found = childOf(found, name);
  return found;
}

function childOf(tree: NameTree, name: string): NameTree {
  const known = tree.children.get(name);
  if (known !== undefined) return known;
  const child: NameTree = { children: new Map() };
  tree.children.set(name, child);
  return child;
}

/** The number at the end of the key of an ordered record. */
export function sequenceOf({ bytes }: RecordKey): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

/** A key as it came from the database. */
export function makeKey(bytes: Uint8Array): RecordKey {
  return { bytes, text: String.fromCharCode(...bytes) };
}

/** The number goes behind in eight bytes, the highest first, so that keys are in the order of their numbers. */
function appendNumber(prefix: Uint8Array, number: number): Uint8Array {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new RangeError(`expected a whole number of 0 or more, got ${number}`);
  }
  const { length } = prefix;
  const bytes = new Uint8Array(length + 8);
  bytes.set(prefix);
  const [high, low] = halves(number);
  for (let i = 0; i < 4; i++) {
    bytes[length + i] = high >>> (24 - 8 * i);
    bytes[length + 4 + i] = low >>> (24 - 8 * i);
  }
  return bytes;
}

/** As `appendNumber`, a character for a byte. */
function numberText(number: number): string {
  const [high, low] = halves(number);
  return String.fromCharCode(
    high >>> 24,
    (high >>> 16) & 0xff,
    (high >>> 8) & 0xff,
    high & 0xff,
    low >>> 24,
    (low >>> 16) & 0xff,
    (low >>> 8) & 0xff,
    low & 0xff,
  );
}

/** The upper and the lower 32 bits. */
function halves(number: number): readonly [high: number, low: number] {
  return [Math.floor(number / 2 ** 32), number >>> 0];
}

/** The first key behind all that begin with this prefix. */
function after(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  for (let i = end.length - 1; i >= 0; i--) {
    const byte = end[i] as number;
    if (byte < 0xff) {
      end[i] = byte + 1;
      return end.slice(0, i + 1);
    }
  }
  // every prefix begins with the number of a space, and none is 0xff
  throw new RangeError('expected a prefix with an end');
}
