import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import { formatTarHeader, parseTarHeader, tarBlock, tarPadding } from '../src/cli/tar.js';

const names = fc.stringMatching(/^[\w./-]{1,99}$/);
const sizes = fc.integer({ min: 0, max: 8 ** 11 - 1 });
const times = fc.integer({ min: 0, max: 2 ** 32 });

test.prop([names, sizes, times])('a header says again what it was made of', (name, size, time) => {
  const header = formatTarHeader({ name, size, time });
  expect(header).toHaveLength(tarBlock);
  expect(parseTarHeader(header)).toEqual({ name, size, time });
  expect((size + tarPadding(size)) % tarBlock).toBe(0);
});

test.prop([names, sizes, fc.nat(tarBlock - 1), fc.integer({ min: 1, max: 255 })])(
  'a header with another byte anywhere is none',
  (name, size, at, change) => {
    const header = formatTarHeader({ name, size, time: 0 });
    header[at] = ((header[at] as number) + change) % 256;
    // blanks and zeros around the sum itself are read alike
    fc.pre(at < 148 || at >= 156);
    expect(() => parseTarHeader(header)).toThrow(RangeError);
  },
);

test.prop([fc.uint8Array({ minLength: tarBlock, maxLength: tarBlock })])(
  'any other block is no header, or the end',
  block => {
    if (block.every(byte => byte === 0)) expect(parseTarHeader(block)).toBeUndefined();
    else expect(() => parseTarHeader(block)).toThrow(RangeError);
  },
);

test.prop([fc.string({ minLength: 100, maxLength: 120 })])('a name that does not fit is refused', name => {
  expect(() => formatTarHeader({ name, size: 0, time: 0 })).toThrow(RangeError);
});
