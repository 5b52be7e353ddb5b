import type { RecordKeys } from './record-key.js';
import { sequenceOf } from './record-key.js';
import type { Records } from './records.js';
import type { Space } from './spaces.js';

/** The numbers given last, by kind of record, so that they need not be looked up; shared by all of a store. */
export type LastNumbers = Map<Space, number>;

/**
 * The next number of an ordered run that empties again and again. It goes up even then, since a number may still be
 * known to somebody when its record is gone.
 * @param least the time when absent; 0 for a run without gaps, whose numbers nobody knows
 */
export async function nextNumber(
  space: Space,
  last: LastNumbers,
  keys: RecordKeys,
  records: Records,
  least: number = Date.now(),
): Promise<number> {
  let before = last.get(space);
  if (before === undefined) {
    const [newest] = await records.list(keys.sequence(space, '', { reverse: true, limit: 1 }));
    before = newest === undefined ? 0 : sequenceOf(newest.key);
  }
  const next = Math.max(before + 1, least);
  last.set(space, next);
  return next;
}
