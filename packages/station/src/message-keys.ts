import { concatBytes } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeHex, encodeUtf8 } from '@dimp/crypto/format';
import type { ID } from '@dimp/mkm';

/** The first byte of a record's key: records of a kind lie together. A number is never given to another kind. */
export const kinds = {
  /** How much is kept in all. */
  total: 0x01,
  /** What is kept for a user, at a glance. */
  user: 0x10,
  /** A message in the mailbox of its receiver. */
  message: 0x11,
  /** What came in together. */
  journal: 0x12,
  /** Digests of messages that came before: a filter for each generation, its digests, and notes of those after it. */
  filter: 0x20,
  bucket: 0x21,
  note: 0x22,
} as const;

/** A user by his hash: the first 16 bytes of SHA-256 of `id.key`, so that keys are short and of one length. */
export interface UserName {
  readonly bytes: Uint8Array;
  /** The same in hexadecimal. */
  readonly text: string;
  /** What names him among the senders to one receiver: its first half. */
  readonly tag: string;
}

/** Bytes of a hash that names a user. */
export const nameBytes = 16;
/** Bytes of a hash that names a sender among the senders to one receiver. */
export const tagBytes = 8;
/** Names whose hash is kept: the same few come again and again. */
const cacheSize = 16_384;

/** Makes the names of users, and remembers those made last. */
export class UserNames {
  readonly #names = new Map<string, UserName>();

  of(id: ID): UserName {
    const known = this.#names.get(id.key);
    if (known !== undefined) return known;
    const name = nameOf(sha256(encodeUtf8(id.key)).slice(0, nameBytes));
    if (this.#names.size >= cacheSize) this.#names.clear();
    this.#names.set(id.key, name);
    return name;
  }
}

export function nameOf(bytes: Uint8Array): UserName {
  const text = encodeHex(bytes);
  return { bytes, text, tag: text.slice(0, 2 * tagBytes) };
}

export const totalKey: Uint8Array = Uint8Array.of(kinds.total);

export function userKey(user: UserName): Uint8Array {
  return concatBytes(Uint8Array.of(kinds.user), user.bytes);
}

/** Whose record it is. */
export function userOfKey(key: Uint8Array): UserName {
  return nameOf(key.slice(1, 1 + nameBytes));
}

/** Keys from `gte` to before `lt`. */
export interface KeyRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
}

/** All users. */
export const userRange: KeyRange = /* @__PURE__ */ rangeOf(kinds.user);

export function messageKey(user: UserName, number: number): Uint8Array {
  // a piece of a page that is there already: cheaper than bytes of its own
  const key = Buffer.allocUnsafe(1 + nameBytes + 8);
  key[0] = kinds.message;
  key.set(user.bytes, 1);
  writeNumber(key, 1 + nameBytes, number);
  return key;
}

export function numberOfKey(key: Uint8Array): number {
  return readNumber(key, 1 + nameBytes);
}

/** Journal records are in the order in which they were written. */
export function journalKey(number: number): Uint8Array {
  const key = Buffer.allocUnsafe(9);
  key[0] = kinds.journal;
  writeNumber(key, 1, number);
  return key;
}

export function journalOfKey(key: Uint8Array): number {
  return readNumber(key, 1);
}

export const journalRange: KeyRange = /* @__PURE__ */ rangeOf(kinds.journal);

export function filterKey(generation: number): Uint8Array {
  return numberedKey(kinds.filter, generation);
}

export const filterRange: KeyRange = /* @__PURE__ */ rangeOf(kinds.filter);

export function bucketKey(generation: number, bucket: number): Uint8Array {
  return numberedKey(kinds.bucket, generation, bucket);
}

export function noteKey(generation: number, note: number): Uint8Array {
  return numberedKey(kinds.note, generation, note);
}

export const noteRange: KeyRange = /* @__PURE__ */ rangeOf(kinds.note);

/** Of a filter or a note. */
export function generationOfKey(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(1);
}

/** In eight bytes, the highest first, so that keys are in the order of their numbers. */
export function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  writeWord(bytes, at, Math.floor(number / 2 ** 32));
  writeWord(bytes, at + 4, number % 2 ** 32);
}

export function readNumber(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

function numberedKey(kind: number, ...numbers: readonly number[]): Uint8Array {
  const key = new Uint8Array(1 + 4 * numbers.length);
  key[0] = kind;
  for (const [index, number] of numbers.entries()) writeWord(key, 1 + 4 * index, number);
  return key;
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

function rangeOf(kind: number): KeyRange {
  return { gte: Uint8Array.of(kind), lt: Uint8Array.of(kind + 1) };
}

/** A key as text: equal for equal keys. */
export function textOfKey(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}
