import { sha256 } from '@dimp/crypto/digest';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { type Digest, digestBytes, formatDigests, holdsDigest, readDigest } from '../src/digest.js';
import { DigestFilter } from '../src/digest-filter.js';
import { DigestTable } from '../src/digest-table.js';

/** Of a few values, so that they meet, also in their first words. */
const digest: fc.Arbitrary<Digest> = fc
  .record({ a: fc.integer({ min: -2, max: 2 }), b: fc.nat(1), c: fc.integer(), d: fc.nat(1) })
  .filter(({ a, b, c, d }) => a !== 0 || b !== 0 || c !== 0 || d !== 0);

const textOf = ({ a, b, c, d }: Digest): string => [a, b, c, d].join(' ');

function numbered(number: number): Digest {
  return readDigest(sha256(`${number}`), 0);
}

function listOf(bytes: Uint8Array): Digest[] {
  return Array.from({ length: bytes.length / digestBytes }, (_, index) =>
    readDigest(bytes, index * digestBytes),
  );
}

test.prop([fc.array(digest), fc.array(digest), fc.array(digest)])(
  'a table of digests is a set of them',
  (one, many, others) => {
    const table = new DigestTable();
    for (const each of one) table.add(each);
    table.addAll(formatDigests(many));
    const texts = new Set([...one, ...many].map(textOf));
    expect(table.count).toBe(texts.size);
    for (const each of [...one, ...many]) expect(table.has(each)).toBe(true);
    for (const each of others) expect(table.has(each)).toBe(texts.has(textOf(each)));
    expect(new Set(listOf(table.bytes()).map(textOf))).toEqual(texts);
    const filter = DigestFilter.create(texts.size);
    filter.addAll(table.bytes());
    for (const each of [...one, ...many]) expect(filter.mayHave(each)).toBe(true);
    for (const each of others) expect(holdsDigest(table.bytes(), each)).toBe(texts.has(textOf(each)));
  },
);

describe('digests', () => {
  it('are kept by a table as it grows', () => {
    const table = new DigestTable();
    for (let number = 0; number < 5000; number++) table.add(numbered(number));
    expect(table.count).toBe(5000);
    for (let number = 0; number < 5000; number++) expect(table.has(numbered(number))).toBe(true);
    expect(table.has(numbered(5000))).toBe(false);
  });

  it('pass a filter that does not have them in few of many cases', () => {
    const filter = DigestFilter.create(1000);
    filter.addAll(formatDigests(Array.from({ length: 1000 }, (_, number) => numbered(number))));
    const passed = Array.from({ length: 10_000 }, (_, number) => filter.mayHave(numbered(1000 + number)));
    expect(passed.filter(Boolean).length).toBeLessThan(50);
  });
});
