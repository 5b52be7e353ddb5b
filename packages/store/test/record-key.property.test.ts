import { createHmac } from 'node:crypto';
import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { RecordKeys, sequenceOf } from '../src/record-key.js';
import { spaces } from '../src/spaces.js';

const secret = new Uint8Array(32).fill(9);
const keys = new RecordKeys(secret);
const number = fc.maxSafeNat();
const names = fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 });

describe('keys of records', () => {
  test.prop([names])('are the space and HMAC-SHA-256 of the names', list => {
    const text = `${spaces.profile}${list.map(name => ` ${name.length}:${name}`).join('')}`;
    const hash = createHmac('sha256', secret).update(text, 'utf8').digest().subarray(0, 16);
    expect(Buffer.from(keys.key('profile', ...list).bytes)).toEqual(
      Buffer.concat([Uint8Array.of(spaces.profile), hash]),
    );
  });

  test.prop([names, names])('are equal only for equal names', (a, b) => {
    const isSame = JSON.stringify(a) === JSON.stringify(b);
    expect(keys.key('meta', ...a).text === keys.key('meta', ...b).text).toBe(isSame);
  });

  test.prop([number, number])(
    'with numbers are in the order of the numbers, as bytes and as text',
    (a, b) => {
      const [first, second] = [keys.ordered('waiting', 'run', a), keys.ordered('waiting', 'run', b)];
      expect(Math.sign(Buffer.compare(first.bytes, second.bytes))).toBe(Math.sign(a - b));
      expect(first.text < second.text).toBe(a < b);
      expect(sequenceOf(first)).toBe(a);
    },
  );

  test.prop([number])('lie in the range of their run and of their space, and in no other', n => {
    const { bytes } = keys.ordered('waiting', 'run', n);
    const isIn = ({ gte, lt }: ReturnType<typeof keys.range>): boolean =>
      Buffer.compare(bytes, gte) >= 0 && Buffer.compare(bytes, lt) < 0;
    expect(isIn(keys.range('waiting'))).toBe(true);
    expect(isIn(keys.sequence('waiting', 'run'))).toBe(true);
    expect(isIn(keys.sequence('waiting', 'run', { from: n }))).toBe(true);
    expect(isIn(keys.sequence('waiting', 'run', { before: n }))).toBe(false);
    expect(isIn(keys.sequence('waiting', 'another'))).toBe(false);
    expect(isIn(keys.range('replay'))).toBe(false);
  });

  test.prop([fc.oneof(fc.integer({ max: -1 }), fc.double({ min: 0.1, max: 0.9 }), fc.constant(2 ** 53))])(
    'refuse what is no number of a record',
    n => {
      expect(() => keys.ordered('waiting', 'run', n)).toThrow(RangeError);
    },
  );
});
