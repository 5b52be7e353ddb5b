import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { bucketOf, encodeSegment, findInSegment, hashTerm, segmentSize } from '../src/search-segment.js';

/** Places of a term in a segment. */
function find(records: readonly Uint8Array[], term: string): readonly number[] {
  const hash = hashTerm(term);
  return [...findInSegment(records[bucketOf(hash)] as Uint8Array, hash)];
}

describe('a segment of an index', () => {
  const term = fc.oneof(
    fc.constantFrom('hello', 'world', '你', '你好', ''),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
  );
  const segment = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: segmentSize - 1 }), fc.uniqueArray(term, { maxLength: 20 })),
    { maxLength: 60, selector: ([place]) => place },
  );

  test.prop([segment])('knows where each term is, in order', entries => {
    const records = encodeSegment(new Map(entries.map(([place, terms]) => [place, terms.map(hashTerm)])));
    const places = new Map<number, Set<number>>();
    for (const [place, terms] of entries) {
      for (const one of terms) {
        const hash = hashTerm(one);
        places.set(hash, (places.get(hash) ?? new Set()).add(place));
      }
    }
    for (const [, terms] of entries) {
      for (const one of terms) {
        expect(find(records, one)).toEqual([...(places.get(hashTerm(one)) ?? [])].sort((a, b) => a - b));
      }
    }
  });

  it('has room for a term in all messages, and does not know others', () => {
    const all = Array.from({ length: segmentSize }, (_, place) => [place, [hashTerm('every')]] as const);
    const records = encodeSegment(new Map(all));
    expect(find(records, 'every')).toHaveLength(segmentSize);
    expect(find(records, 'other')).toEqual([]);
    expect(find(encodeSegment(new Map()), 'every')).toEqual([]);
  });
});
