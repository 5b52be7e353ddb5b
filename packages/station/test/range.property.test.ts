import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import { parseRange } from '../src/files/range.js';

const size = fc.nat(5000);

test.prop([fc.string(), size])('any header gives a piece inside of the file, or none', (header, length) => {
  const range = parseRange(`bytes=${header}`, length);
  if (typeof range !== 'object') return;
  expect(range.start).toBeGreaterThanOrEqual(0);
  expect(range.end).toBeGreaterThanOrEqual(range.start);
  expect(range.end).toBeLessThan(length);
});

test.prop([fc.nat(6000), fc.nat(6000), size])('a piece is what the numbers say', (start, end, length) => {
  const range = parseRange(`bytes=${start}-${end}`, length);
  if (end < start) expect(range).toBeUndefined();
  else if (start >= length) expect(range).toBe('unsatisfiable');
  else expect(range).toEqual({ start, end: Math.min(end, length - 1) });
});

test.prop([fc.nat(6000), size])('a piece from the end has as many bytes as it says', (count, length) => {
  const range = parseRange(`bytes=-${count}`, length);
  if (count === 0 || length === 0) expect(range).toBe('unsatisfiable');
  else expect(range).toEqual({ start: Math.max(0, length - count), end: length - 1 });
});
