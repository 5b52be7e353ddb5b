import { encodeHex } from '@dimp/crypto/format';
import { type Digest, digestBytes, readDigest, writeDigest } from './digest.js';
import type { KeptUser } from './kept-user.js';
import { nameBytes, nameOf, readNumber, tagBytes, type UserName, writeNumber } from './message-keys.js';

/**
 * A message that comes in, as the journal has it.
 *
 * One record holds all messages of a batch, and everything that follows from their coming can be told from it: what is
 * kept at a glance for users, and which messages came before, need not be written with each.
 */
export interface JournalEntry {
  readonly number: number;
  readonly time: number;
  readonly senderTag: string;
  readonly digest: Digest;
  /** Its length, wherever it is. */
  readonly bytes: number;
  /** The package; undefined when it lies in the receiver's mailbox. */
  readonly data: Uint8Array | undefined;
}

const headBytes = nameBytes + 8 + 8 + tagBytes + digestBytes + 4 + 1;

/** Bytes that an entry takes. */
export function entryBytes(data: Uint8Array | undefined): number {
  return headBytes + (data?.length ?? 0);
}

/**
 * Wire of the disk, for each entry: name of the receiver, number, time (f64), tag of the sender, digest, length of the
 * package (u32), and 1 with the package, or 0.
 */
export function formatJournal(
  entries: readonly { readonly user: Pick<KeptUser, 'name'>; readonly entry: JournalEntry }[],
): Uint8Array {
  let size = 0;
  for (const { entry } of entries) size += entryBytes(entry.data);
  const record = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { user, entry } of entries) {
    record.set(user.name.bytes, at);
    at += nameBytes;
    writeNumber(record, at, entry.number);
    record.writeDoubleBE(entry.time, at + 8);
    record.write(entry.senderTag, at + 16, tagBytes, 'hex');
    at += 16 + tagBytes;
    writeDigest(entry.digest, record, at);
    at += digestBytes;
    record.writeUInt32BE(entry.bytes, at);
    record[at + 4] = entry.data === undefined ? 0 : 1;
    at += 5;
    if (entry.data === undefined) continue;
    record.set(entry.data, at);
    at += entry.data.length;
  }
  return record;
}

/** Reads a record. Trusted: written by this station, with checksums of the database around it. */
export function* parseJournal(
  record: Uint8Array,
): Generator<{ readonly name: UserName; readonly entry: JournalEntry }> {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  for (let at = 0; at < record.length; ) {
    const name = nameOf(record.slice(at, at + nameBytes));
    at += nameBytes;
    const number = readNumber(record, at);
    const time = view.getFloat64(at + 8);
    const senderTag = encodeHex(record.subarray(at + 16, at + 16 + tagBytes));
    at += 16 + tagBytes;
    const digest = readDigest(record, at);
    at += digestBytes;
    const bytes = view.getUint32(at);
    const isHere = view.getUint8(at + 4) === 1;
    at += 5;
    const data = isHere ? record.slice(at, at + bytes) : undefined;
    if (isHere) at += bytes;
    yield { name, entry: { number, time, senderTag, digest, bytes, data } };
  }
}
