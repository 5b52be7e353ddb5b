import { concatBytes } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';

/**
 * Messages that were accepted, in the order in which they came: for each 16 bytes of a hash of its fingerprint, and the
 * time in seconds as a double.
 */
export type ReplayEntries = Uint8Array;

/** A message that was accepted: 16 bytes of a hash of its fingerprint, and the time in seconds. */
export interface ReplayEntry {
  readonly hash: Uint8Array;
  readonly time: number;
}

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
  readonly entries: readonly ReplayEntry[];
}

export const noEntries: ReplayEntries = /* @__PURE__ */ new Uint8Array();
export const newTail: ReplayTail = { first: 0, next: 0, count: 0, firstUntil: 0, entries: [] };

const hashBytes = 16;
const entryBytes: number = hashBytes + 8;
const headBytes = 32;

/** What a message is remembered by. */
export function hashFingerprint(fingerprint: string): Uint8Array {
  return sha256(fingerprint).subarray(0, hashBytes);
}

/** A hash as the key of a map, a character for a byte. */
export function hashText(hash: Uint8Array): string {
  return String.fromCharCode(...hash);
}

export function countEntries(entries: ReplayEntries): number {
  return entries.length / entryBytes;
}

/** The bytes of entries. */
export function encodeEntries(entries: readonly ReplayEntry[]): ReplayEntries {
  const bytes = new Uint8Array(entries.length * entryBytes);
  const view = viewOf(bytes);
  for (const [index, { hash, time }] of entries.entries()) {
    bytes.set(hash, index * entryBytes);
    view.setFloat64(index * entryBytes + hashBytes, time);
  }
  return bytes;
}

/** When a message was accepted, the last time if there were several; undefined when it is not among these. */
export function timeIn(entries: ReplayEntries, hash: Uint8Array): number | undefined {
  for (let at = entries.length - entryBytes; at >= 0; at -= entryBytes) {
    if (isAt(entries, at, hash)) return viewOf(entries).getFloat64(at + hashBytes);
  }
  return undefined;
}

/** As `timeIn`, in a tail. */
export function timeInTail({ entries }: ReplayTail, hash: Uint8Array): number | undefined {
  return entries.findLast(entry => isAt(entry.hash, 0, hash))?.time;
}

function isAt(bytes: Uint8Array, at: number, hash: Uint8Array): boolean {
  let same = 0;
  while (same < hashBytes && bytes[at + same] === hash[same]) same++;
  return same === hashBytes;
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
  return concatBytes(head, encodeEntries(entries));
}

export function decodeTail(bytes: Uint8Array): ReplayTail {
  const view = viewOf(bytes);
  const entries: ReplayEntry[] = [];
  for (let at = headBytes; at < bytes.length; at += entryBytes) {
    const hash = bytes.subarray(at, at + hashBytes);
    entries.push({ hash, time: view.getFloat64(at + hashBytes) });
  }
  return {
    first: view.getFloat64(0),
    next: view.getFloat64(8),
    count: view.getFloat64(16),
    firstUntil: view.getFloat64(24),
    entries,
  };
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
