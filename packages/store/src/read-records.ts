import { encodeHex } from '@dimp/crypto/format';
import type { Awaitable } from '@dimp/mkm';
import type { DatabaseRange } from './database.js';
import type { Disk } from './disk.js';
import { DamagedRecordError } from './errors.js';
import { makeKey, type RecordKey } from './record-key.js';
import type { RecordEntry } from './records.js';
import type { Sealer } from './sealer.js';
import { spaceOf } from './spaces.js';

/** What is on disk under a key, opened; at once where that can be. @throws {DamagedRecordError} */
export function readRecord(disk: Disk, sealer: Sealer, key: RecordKey): Awaitable<Uint8Array | undefined> {
  const sealed = disk.read(key.bytes);
  if (sealed === undefined) return undefined;
  if (sealed instanceof Uint8Array && sealer.isSync) {
    return (sealer.open(sealed, key.bytes) as Uint8Array | undefined) ?? fail(key);
  }
  return readLater(sealed, sealer, key);
}

/** The records of a range on disk, those that are damaged without a value. */
export async function readRange(
  disk: Disk,
  sealer: Sealer,
  range: DatabaseRange,
): Promise<readonly RecordEntry[]> {
  const entries: RecordEntry[] = [];
  for await (const page of disk.scan(range)) {
    for (const [bytes, sealed] of page) {
      const opened = sealer.open(sealed, bytes);
      const value = sealer.isSync ? (opened as Uint8Array | undefined) : await opened;
      entries.push({ key: makeKey(bytes), value });
    }
  }
  return entries;
}

async function readLater(
  sealed: Awaitable<Uint8Array | undefined>,
  sealer: Sealer,
  key: RecordKey,
): Promise<Uint8Array | undefined> {
  const found = await sealed;
  return found && ((await sealer.open(found, key.bytes)) ?? fail(key));
}

function fail({ bytes }: RecordKey): never {
  throw new DamagedRecordError(spaceOf(bytes) ?? 'unknown', encodeHex(bytes));
}
