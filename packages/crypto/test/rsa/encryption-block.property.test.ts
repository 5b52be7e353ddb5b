import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { padMessage, unpadMessage } from '../../src/rsa/encryption-block.js';
import { bytes, codeOf, seededBytes } from './kit.js';

const length = 128;
const secret = seededBytes(1)(32);
const ciphertext = seededBytes(2)(length);
const unpad = (block: Uint8Array) => unpadMessage(block, ciphertext, secret);

/** The substitute message, written down with branches and the platform's digest. */
function substitute(of: Uint8Array, key: Uint8Array): Uint8Array {
  const digest = (data: Uint8Array) => createHash('sha256').update(data).digest();
  const seed = digest(Buffer.concat([key, of]));
  const stream = Buffer.concat(
    Array.from({ length: Math.ceil(of.length / 32) }, (_, i) => digest(Buffer.concat([seed, Buffer.of(i)]))),
  );
  const invented = stream.subarray(0, of.length);
  return bytes(invented.subarray(of.length - (seed.readUInt32BE(0) % (of.length - 10))));
}

const good = (message: Uint8Array) => padMessage(message, length, seededBytes(3));
const change = (block: Uint8Array, offset: number, value: number) => {
  const copy = bytes(block);
  copy[offset] = value;
  return copy;
};

describe('padding', () => {
  test.prop([fc.uint8Array({ maxLength: length - 11 })])('comes off again', message => {
    const block = padMessage(message, length);
    expect(block.length).toBe(length);
    expect([...block.subarray(0, 2)]).toEqual([0, 2]);
    expect(block.subarray(2).indexOf(0)).toBe(length - message.length - 3);
    expect(unpad(block)).toEqual(message);
  });

  it('draws again for zeros, in whatever place they come', () => {
    const draws = [
      Uint8Array.of(0, 1, 0, 2, 3, 0, 0, 4),
      Uint8Array.of(0, 0, 5, 6),
      Uint8Array.of(7, 0),
      Uint8Array.of(8),
    ];
    const asked: number[] = [];
    const block = padMessage(Uint8Array.of(9), 12, count => {
      asked.push(count);
      return draws.shift() as Uint8Array;
    });
    expect([...block]).toEqual([0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9]);
    expect(asked).toEqual([8, 4, 2, 1]);
  });

  it('takes up to capacity and not one byte more', () => {
    expect(unpad(good(new Uint8Array(117)))).toEqual(new Uint8Array(117));
    expect(() => good(new Uint8Array(118))).toThrow(RangeError);
  });
});

describe('implicit rejection', () => {
  const message = bytes(Buffer.from('the key of a message'));
  const block = good(message);
  const expected = substitute(ciphertext, secret);

  it.each([
    ['first byte 1', change(block, 0, 1)],
    ['first byte 255', change(block, 0, 255)],
    ['block type 0', change(block, 1, 0)],
    ['block type 1', change(block, 1, 1)],
    ['block type 3', change(block, 1, 3)],
    ['block type 130', change(block, 1, 130)],
    ['no separator', bytes(block).fill(7, 2)],
    ['all zeros', new Uint8Array(length)],
    ['seven bytes of filler', change(block, 9, 0)],
    ['one byte of filler', change(block, 3, 0)],
    ['no filler', change(block, 2, 0)],
  ])('%s gives the substitute', (_, wrong) => {
    expect(unpad(wrong)).toEqual(expected);
  });

  it('eight bytes of filler are enough', () => {
    expect(unpad(change(block, 10, 0))).toEqual(block.subarray(11));
  });

  it('a separator in the last byte is an empty message', () => {
    const empty = bytes(block).fill(7, 2);
    empty[length - 1] = 0;
    expect(unpad(empty)).toEqual(new Uint8Array(0));
  });

  test.prop([
    fc.uint8Array({ minLength: 64, maxLength: 600 }),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
  ])('is the same each time, for any size', (text, key) => {
    const made = unpadMessage(new Uint8Array(text.length), text, key);
    expect(made).toEqual(substitute(text, key));
    expect(made.length).toBeLessThanOrEqual(text.length - 11);
  });

  it('leaves its inputs alone', () => {
    const copies = [bytes(block), bytes(ciphertext), bytes(secret)];
    unpad(block);
    expect([block, ciphertext, secret]).toEqual(copies);
  });

  it('differs by key and by ciphertext', () => {
    const zeros = new Uint8Array(length);
    const made = [
      unpadMessage(zeros, ciphertext, secret),
      unpadMessage(zeros, ciphertext, seededBytes(4)(32)),
      unpadMessage(zeros, seededBytes(5)(length), secret),
    ].map(data => Buffer.from(data).toString('hex'));
    expect(new Set(made).size).toBe(3);
  });

  it('wants block and ciphertext of one length', () => {
    expect(codeOf(() => unpadMessage(block, ciphertext.subarray(1), secret))).toBe('ERR_USAGE');
    expect(codeOf(() => unpadMessage(block.subarray(1), ciphertext, secret))).toBe('ERR_USAGE');
    expect(codeOf(() => unpadMessage(new Uint8Array(10), new Uint8Array(10), secret))).toBe('ERR_USAGE');
  });
});
