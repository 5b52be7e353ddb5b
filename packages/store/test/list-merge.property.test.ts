import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { mergeLists } from '../src/list-merge.js';

const list = fc.uniqueArray(fc.constantFrom(...'abcdefgh'));
const merge = (before: readonly string[], wanted: readonly string[], found: readonly string[]) =>
  mergeLists(before, wanted, found, item => item);

describe('two changes of one list', () => {
  test.prop([list, list])('where the other changed nothing give what was wanted', (before, wanted) => {
    expect(merge(before, wanted, before)).toEqual(wanted);
  });

  test.prop([list, list])('where this one changed nothing give what was found', (before, found) => {
    expect([...merge(before, before, found)].sort()).toEqual([...found].sort());
  });

  test.prop([list, list, list])('count both, each item once', (before, wanted, found) => {
    const merged = merge(before, wanted, found);
    expect(new Set(merged).size).toBe(merged.length);
    for (const item of 'abcdefgh') {
      const [wasIn, isWanted, isFound] = [before, wanted, found].map(one => one.includes(item));
      // whoever changed it has his way; when both did they did the same
      const expected = isWanted === wasIn ? isFound : isWanted;
      expect([item, merged.includes(item)]).toEqual([item, expected]);
    }
  });

  test.prop([list, list, list])('keep the order that was wanted', (before, wanted, found) => {
    const merged = merge(before, wanted, found);
    const kept = wanted.filter(item => merged.includes(item));
    expect(merged.slice(0, kept.length)).toEqual(kept);
  });
});
