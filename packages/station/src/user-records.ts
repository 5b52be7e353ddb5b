import { concatBytes } from '@dimp/crypto';
import type { UserName } from './message-keys.js';
import { type KeptCommand, keptCommands } from './user-directory.js';

/** The first byte of a record's key: records of a kind lie together. A number is never given to another kind. */
const kinds = {
  /** Commands that users left, as JSON. */
  kept: 0x10,
  /** Users who are shut out, by the text of their ID. */
  banned: 0x11,
  /** The number of a user, by his hash. */
  number: 0x20,
  /** The ID of a user, by his number. */
  text: 0x21,
  /** Numbers of users, by what stands in their IDs. */
  gram: 0x30,
} as const;

/** Keys from `gte` to before `lt`. */
export interface KeyRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
}

/** Bytes of an ID that stand in an index key: enough to part any two, few enough for forty keys a user. */
export const gramBytes = 8;

/** The place of a name in the list is that on disk, so new ones go to its end. */
export function keptKey(user: UserName, command: KeptCommand): Uint8Array {
  return concatBytes(Uint8Array.of(kinds.kept), user.bytes, Uint8Array.of(keptCommands.indexOf(command)));
}

export function bannedKey(text: string): Uint8Array {
  return concatBytes(Uint8Array.of(kinds.banned), Buffer.from(text));
}

/** The text of the ID in such a key. */
export function bannedText(key: Uint8Array): string {
  return Buffer.from(key.subarray(1)).toString();
}

export const bannedRange: KeyRange = {
  gte: /* @__PURE__ */ Uint8Array.of(kinds.banned),
  lt: /* @__PURE__ */ Uint8Array.of(kinds.banned + 1),
};

export function numberKey(user: UserName): Uint8Array {
  return concatBytes(Uint8Array.of(kinds.number), user.bytes);
}

export function textKey(number: number): Uint8Array {
  return concatBytes(Uint8Array.of(kinds.text), formatNumber(number));
}

export const textRange: KeyRange = {
  gte: /* @__PURE__ */ Uint8Array.of(kinds.text),
  lt: /* @__PURE__ */ Uint8Array.of(kinds.text + 1),
};

/** @param gram at most `gramBytes` of an ID, from any letter on */
export function gramKey(gram: Uint8Array, number: number): Uint8Array {
  return concatBytes(Uint8Array.of(kinds.gram), gram, formatNumber(number));
}

/** All keys whose gram begins with these bytes, and few others. */
export function gramRange(start: Uint8Array): KeyRange {
  const gte = concatBytes(Uint8Array.of(kinds.gram), start);
  // neither the kind nor any byte of UTF-8 is 0xff
  const lt = gte.slice();
  lt[lt.length - 1] = (lt.at(-1) as number) + 1;
  return { gte, lt };
}

/** The number at the end of a text or gram key. */
export function numberOfKey(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset + key.length - 4, 4).getUint32(0);
}

/** The highest byte first, so that keys are in the order of their numbers. */
export function formatNumber(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
