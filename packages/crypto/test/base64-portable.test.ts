import { afterEach, describe, expect, it } from '@jest/globals';
import { readBase64, writeBase64 } from '../src/format/base64-portable.js';

interface FutureArray {
  fromBase64?: (text: string, options: object) => Uint8Array;
}
interface FutureBytes {
  toBase64?: () => string;
}
const array = Uint8Array as FutureArray;
const bytes = Uint8Array.prototype as FutureBytes;
const original = { from: array.fromBase64, to: bytes.toBase64 };

afterEach(() => {
  if (original.from === undefined) delete array.fromBase64;
  else array.fromBase64 = original.from;
  if (original.to === undefined) delete bytes.toBase64;
  else bytes.toBase64 = original.to;
});

describe('base64 of the platform', () => {
  it('is used when there is one', () => {
    array.fromBase64 = () => Uint8Array.of(42);
    bytes.toBase64 = () => 'platform';
    expect(writeBase64(Uint8Array.of(1))).toBe('platform');
    expect(readBase64('AQ==')).toEqual(Uint8Array.of(42));
  });

  it('is asked to be strict; what it refuses is judged by the tables', () => {
    array.fromBase64 = (_, options) => {
      expect(options).toEqual({ lastChunkHandling: 'strict' });
      throw new SyntaxError('refused');
    };
    expect(readBase64('YR==')).toEqual(Uint8Array.of(0x61));
    expect(readBase64('Y*==')).toBeUndefined();
    expect(readBase64('YR=')).toBeUndefined();
  });

  it('may skip more kinds of white space than we do, which is refused', () => {
    array.fromBase64 = text => Uint8Array.from(Buffer.from(text.replace(/[\t\n\f\r ]/g, ''), 'base64'));
    expect(readBase64('YWJj')).toEqual(Uint8Array.of(0x61, 0x62, 0x63));
    for (const text of ['YWJj\f', 'YW\fJj', 'YWJj\f\f\f\f']) expect(readBase64(text)).toBeUndefined();
  });

  it('is done without where there is none', () => {
    delete array.fromBase64;
    delete bytes.toBase64;
    expect(writeBase64(Uint8Array.of(251, 255))).toBe('+/8=');
    expect(readBase64('+/8=')).toEqual(Uint8Array.of(251, 255));
  });
});
