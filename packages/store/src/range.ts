import { concatBytes } from '@dimp/crypto';
import type { DatabaseRange } from './database.js';

/** What of a range lies behind a page that was read of it; undefined when nothing does. */
export function rangeBehind(
  range: DatabaseRange,
  page: readonly (readonly [key: Uint8Array, value: Uint8Array])[],
): DatabaseRange | undefined {
  const [last] = page.at(-1) ?? [];
  const { reverse, limit } = range;
  if (last === undefined || page.length === limit) return undefined;
  const rest =
    reverse === true ? { ...range, lt: last } : { ...range, gte: concatBytes(last, Uint8Array.of(0)) };
  return limit === undefined ? rest : { ...rest, limit: limit - page.length };
}
