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
  message: 0x11,
  /** Which messages came before. */
  seen: 0x20,
} as const;

/** A user by his hash: the first 16 bytes of SHA-256 of `id.key`, so that keys are short and of one length. */
export interface UserName {
  readonly bytes: Uint8Array;
  /** The same in hexadecimal. */
  readonly text: string;
}

/** Bytes of a hash that names a user, or a message that came before. */
const hashBytes = 16;
/** Bytes of a hash that names a sender among the senders to one receiver. */
const tagBytes = 8;
/** Names whose hash is kept: the same few come again and again. */
const cacheSize = 16_384;

/** Makes the names of users, and remembers those made last. */
export class UserNames {
  readonly #names = new Map<string, UserName>();

  of(id: ID): UserName {
    const known = this.#names.get(id.key);
    if (known !== undefined) return known;
    const name = nameOf(sha256(encodeUtf8(id.key)).slice(0, hashBytes));
    if (this.#names.size >= cacheSize) this.#names.clear();
    this.#names.set(id.key, name);
    return name;
  }
}

function nameOf(bytes: Uint8Array): UserName {
  return { bytes, text: encodeHex(bytes) };
}

/** What names a sender in a message record. */
export function tagOf(sender: UserName): Uint8Array {
  return sender.bytes.subarray(0, tagBytes);
}

export const totalKey: Uint8Array = Uint8Array.of(kinds.total);

export function userKey(user: UserName): Uint8Array {
  return concatBytes(Uint8Array.of(kinds.user), user.bytes);
}

/** Whose record it is. */
export function userOfKey(key: Uint8Array): UserName {
  return nameOf(key.slice(1, 1 + hashBytes));
}

/** All users. */
export const userRange: { readonly gte: Uint8Array; readonly lt: Uint8Array } = {
  gte: Uint8Array.of(kinds.user),
  lt: Uint8Array.of(kinds.user + 1),
};

export function messageKey(user: UserName, number: number): Uint8Array {
  const key = new Uint8Array(1 + hashBytes + 8);
  key[0] = kinds.message;
  key.set(user.bytes, 1);
  writeNumber(key, 1 + hashBytes, number);
  return key;
}

export function numberOfKey(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset + 1 + hashBytes, 8);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

/** The key of the note that a message came before, in the epoch in which it came. */
export function seenKey(epoch: number, receiver: UserName, sender: UserName, digest: Uint8Array): Uint8Array {
  const hash = sha256(concatBytes(receiver.bytes, sender.bytes, digest));
  const key = new Uint8Array(1 + 4 + hashBytes);
  key[0] = kinds.seen;
  writeEpoch(key, epoch);
  key.set(hash.subarray(0, hashBytes), 5);
  return key;
}

/** The same message in another epoch. */
export function withEpoch(key: Uint8Array, epoch: number): Uint8Array {
  const copy = key.slice();
  writeEpoch(copy, epoch);
  return copy;
}

/** What came before an epoch. */
export function seenBefore(epoch: number): { readonly gte: Uint8Array; readonly lt: Uint8Array } {
  const end = new Uint8Array(5);
  end[0] = kinds.seen;
  writeEpoch(end, epoch);
  return { gte: Uint8Array.of(kinds.seen), lt: end };
}

function writeEpoch(key: Uint8Array, epoch: number): void {
  new DataView(key.buffer, key.byteOffset).setUint32(1, epoch);
}

/** In eight bytes, the highest first, so that keys are in the order of their numbers. */
function writeNumber(key: Uint8Array, offset: number, number: number): void {
  const view = new DataView(key.buffer, key.byteOffset + offset, 8);
  view.setUint32(0, Math.floor(number / 2 ** 32));
  view.setUint32(4, number % 2 ** 32);
}

/** A key as text: equal for equal keys. */
export function textOfKey(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}
