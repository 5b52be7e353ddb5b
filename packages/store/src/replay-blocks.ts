import { concatBytes } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeUtf8 } from '@dimp/crypto/format';

/**
 * Messages that were accepted, in the order in which they came: for each 16 bytes of a hash of its fingerprint, and the
 * time in seconds as a double.
 */
export type ReplayEntries = Uint8Array;

/**
 * The newest entries, which are in no block yet, and what there is of blocks. It is written with every message; a block
 * is written once, when there are enough entries for it.
 */
export interface ReplayTail {
  /** Blocks have numbers from `first` on, before `next`. */
  readonly first: number;
  readonly next: number;
  /** Entries in all blocks. */
  readonly count: number;
  /** The newest time in the first block; when that has run out, all of the block has. */
  readonly firstUntil: number;
  readonly entries: ReplayEntries;
}

export const noEntries: ReplayEntries = /* @__PURE__ */ new Uint8Array();
export const newTail: ReplayTail = { first: 0, next: 0, count: 0, firstUntil: 0, entries: noEntries };

const hashBytes = 16;
const entryBytes: number = hashBytes + 8;
const headBytes = 32;

/** What a message is remembered by. */
export function hashFingerprint(fingerprint: string): Uint8Array {
  return sha256(encodeUtf8(fingerprint)).subarray(0, hashBytes);
}

/** A hash as the key of a map, a character for a byte. */
export function hashText(hash: Uint8Array): string {
  return String.fromCharCode(...hash);
}

export function countEntries(entries: ReplayEntries): number {
  return entries.length / entryBytes;
}

/** The entries with one more. */
export function addEntry(entries: ReplayEntries, hash: Uint8Array, time: number): ReplayEntries {
  const bytes = new Uint8Array(entries.length + entryBytes);
  bytes.set(entries);
  bytes.set(hash, entries.length);
  viewOf(bytes).setFloat64(entries.length + hashBytes, time);
  return bytes;
}

/** When a message was accepted, the last time if there were several; undefined when it is not among these. */
export function timeIn(entries: ReplayEntries, hash: Uint8Array): number | undefined {
  const first = hash[0];
  for (let at = entries.length - entryBytes; at >= 0; at -= entryBytes) {
    if (entries[at] !== first) continue;
    let same = 1;
    while (same < hashBytes && entries[at + same] === hash[same]) same++;
    if (same === hashBytes) return viewOf(entries).getFloat64(at + hashBytes);
  }
  return undefined;
}

/** The newest time; 0 without entries. */
export function newestTime(entries: ReplayEntries): number {
  const view = viewOf(entries);
  let newest = 0;
  for (let at = hashBytes; at < entries.length; at += entryBytes) {
    newest = Math.max(newest, view.getFloat64(at));
  }
  return newest;
}

/** Hashes of all entries, as keys of a map. */
export function hashTexts(entries: ReplayEntries): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < entries.length; at += entryBytes) {
    texts.push(hashText(entries.subarray(at, at + hashBytes)));
  }
  return texts;
}

/** The bytes of a tail: its four numbers as doubles, then the entries. */
export function encodeTail({ first, next, count, firstUntil, entries }: ReplayTail): Uint8Array {
  const head = new Uint8Array(headBytes);
  const view = viewOf(head);
  view.setFloat64(0, first);
  view.setFloat64(8, next);
  view.setFloat64(16, count);
  view.setFloat64(24, firstUntil);
  return concatBytes(head, entries);
}

export function decodeTail(bytes: Uint8Array): ReplayTail {
  const view = viewOf(bytes);
  return {
    first: view.getFloat64(0),
    next: view.getFloat64(8),
    count: view.getFloat64(16),
    firstUntil: view.getFloat64(24),
    entries: bytes.subarray(headBytes),
  };
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
