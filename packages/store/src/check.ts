import { encodeHex } from '@dimp/crypto/format';
import type { Disk } from './disk.js';
import { describe, StoreError } from './errors.js';
import { isHeaderWhole } from './header.js';
import type { Sealer } from './sealer.js';
import { type Space, spaceOf } from './spaces.js';

/** A record that does not open. */
export interface DamagedRecord {
  readonly space: Space | 'unknown';
  /** On disk, in hexadecimal; it shows no ID. */
  readonly key: string;
}

/** What `verify()` found. */
export interface StoreReport {
  /** Whether all is good. */
  readonly isGood: boolean;
  /** Good records of each kind. */
  readonly records: ReadonlyMap<Space, number>;
  readonly damaged: readonly DamagedRecord[];
  /** Records that an earlier repair set aside. */
  readonly quarantined: number;
  /** Whether both copies of the header are good. */
  readonly isHeaderWhole: boolean;
  /** Why not all records could be looked at; absent when they were. `repairStore()` helps, after closing. */
  readonly unreadable?: string;
}

/** What `repair()` did. */
export interface RepairReport {
  /**
   * Records that were set aside, or removed. They are lost; everything else is as it was. A conversation whose record is
   * among them is there with its messages, and counts as read.
   */
  readonly removed: readonly DamagedRecord[];
  /** Whether a copy of the header was made anew from the other. */
  readonly restoredHeader: boolean;
  /** As in `StoreReport`. */
  readonly unreadable?: string;
}

/** A damaged record with its bytes. */
export interface FoundDamage extends DamagedRecord {
  readonly bytes: Uint8Array;
  readonly sealed: Uint8Array;
}

/** What a walk over all records found. */
export interface Walk extends Omit<StoreReport, 'damaged' | 'isGood'> {
  readonly damaged: readonly FoundDamage[];
}

/** Everything that has a key. */
const everything = { gte: /* @__PURE__ */ Uint8Array.of(0), lt: /* @__PURE__ */ Uint8Array.of(0xff) };

/** Opens every record on disk. */
export async function walk(disk: Disk, sealer: Sealer): Promise<Walk> {
  const records = new Map<Space, number>();
  const damaged: FoundDamage[] = [];
  let quarantined = 0;
  let unreadable: string | undefined;
  try {
    for await (const page of disk.scan(everything)) {
      for (const [bytes, sealed] of page) {
        const space = spaceOf(bytes);
        if (space === 'header' || space === 'header copy') continue;
        if (space === 'quarantine') quarantined++;
        else if (space === undefined || (await sealer.open(sealed, bytes)) === undefined) {
          damaged.push({ space: space ?? 'unknown', key: encodeHex(bytes), bytes, sealed });
        } else records.set(space, (records.get(space) ?? 0) + 1);
      }
    }
  } catch (error) {
    // what the database cannot read is part of the answer; that the store was closed is not
    if (error instanceof StoreError && error.code === 'ERR_STORE_CLOSED') throw error;
    unreadable = describe(error);
  }
  return {
    records,
    damaged,
    quarantined,
    isHeaderWhole: await isHeaderWhole(disk),
    ...(unreadable !== undefined && { unreadable }),
  };
}
