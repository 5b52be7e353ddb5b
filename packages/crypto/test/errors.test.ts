import { describe, expect, it } from '@jest/globals';
import {
  DecryptError,
  DimpError,
  KeyFormatError,
  LimitError,
  NotFoundError,
  ParseError,
  UnsupportedError,
  UsageError,
} from '../src/index.js';

describe('errors', () => {
  it.each([
    ['ParseError', new ParseError('a.b', 'expected text'), 'ERR_PARSE', 'a.b: expected text'],
    ['LimitError', new LimitError('a', 'too deep'), 'ERR_LIMIT', 'a: too deep'],
    [
      'UnsupportedError',
      new UnsupportedError('cipher', 'DES', 'use AES.'),
      'ERR_UNSUPPORTED',
      'No cipher for "DES"; use AES.',
    ],
    ['KeyFormatError', new KeyFormatError('short'), 'ERR_KEY_FORMAT', 'short'],
    [
      'DecryptError',
      new DecryptError(),
      'ERR_DECRYPT',
      'Decryption failed: the key does not fit or the data was altered.',
    ],
    ['NotFoundError', new NotFoundError('meta', 'moki', 'ask.'), 'ERR_NOT_FOUND', 'No meta for moki; ask.'],
    ['UsageError', new UsageError('no'), 'ERR_USAGE', 'no'],
  ])('%s has its name, code and text', (name, error, code, message) => {
    expect(error).toBeInstanceOf(DimpError);
    expect({ name: error.name, code: error.code, message: error.message }).toEqual({ name, code, message });
  });

  it('keep data and cause', () => {
    const cause = new Error('deeper');
    expect(new ParseError('a', 'b', { cause, code: 'ERR_KEY_FORMAT' })).toMatchObject({
      path: 'a',
      cause,
      code: 'ERR_KEY_FORMAT',
    });
    expect(new UnsupportedError('cipher', 7, '')).toMatchObject({ what: 'cipher', value: 7 });
    expect(new NotFoundError('meta', 'moki', '')).toMatchObject({ what: 'meta', id: 'moki' });
    expect(new LimitError('a', 'b')).toBeInstanceOf(ParseError);
  });

  it('of decryption tell no cause', () => {
    expect(Object.keys(new DecryptError()).sort()).toEqual(['code', 'name']);
    expect(new DecryptError().cause).toBeUndefined();
  });
});
