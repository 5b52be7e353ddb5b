import type { RecordKeys } from './record-key.js';
import { sequenceOf } from './record-key.js';
import type { Records } from './records.js';
import type { Space } from './spaces.js';

/** The numbers given last, by kind of record, so that they need not be looked up; shared by all of a store. */
export type LastNumbers = Map<Space, number>;

/**
 * The next number of an ordered run that empties again and again. It goes up even then, since a number may still be
 * known to somebody when its record is gone.
 */
export async function nextNumber(
  space: Space,
  last: LastNumbers,
  keys: RecordKeys,
  records: Records,
): Promise<number> {
  let before = last.get(space);
  if (before === undefined) {
    const [newest] = await records.list(keys.sequence(space, '', { reverse: true, limit: 1 }));
    before = newest === undefined ? 0 : sequenceOf(newest.key);
  }
  const next = Math.max(before + 1, Date.now());
  last.set(space, next);
  return next;
}
