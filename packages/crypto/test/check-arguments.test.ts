import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { aes } from '../src/aes/index.js';
import { checkBytes, checkNumber, checkText } from '../src/check-arguments.js';
import { ecc } from '../src/ecc/index.js';
import { decodeHex, encodeBase64, encodeHex } from '../src/format/index.js';
import { parsePrivateKey, parsePublicKey, parseSymmetricKey } from '../src/parse-key.js';
import { rsa } from '../src/rsa/index.js';

describe('checkBytes', () => {
  it('takes bytes, whoever made their class', () => {
    const foreign: unknown = runInNewContext('Uint8Array.of(1)');
    expect(foreign instanceof Uint8Array).toBe(false);
    for (const bytes of [new Uint8Array(0), Buffer.from('x'), foreign]) checkBytes(bytes, 'data');
  });

  it('tells who passes text how to make bytes of it', () => {
    const text =
      'data: expected bytes (Uint8Array), got a string; encodeUtf8 or decodeBase64 makes them of text.';
    expect(() => checkBytes('x', 'data')).toThrow(new TypeError(text));
  });

  it.each([
    [undefined, 'nothing'],
    [[1], 'a list'],
    [new ArrayBuffer(1), 'an object'],
    [new Uint16Array(1), 'an object'],
    [{ length: 1 }, 'an object'],
  ])('refuses %p', (value, kind) => {
    const text = `data: expected bytes (Uint8Array), got ${kind}.`;
    expect(() => checkBytes(value, 'data')).toThrow(new TypeError(text));
  });
});

describe('text codings', () => {
  it.each([encodeHex, encodeBase64])('%p refuses text', encode => {
    expect(() => encode('x' as never)).toThrow(TypeError);
  });

  it('decodeHex refuses bytes', () => {
    expect(() => decodeHex(new Uint8Array(4) as never)).toThrow('hex: expected text, got an object.');
    expect(() => checkText('', 'text')).not.toThrow();
  });
});

describe('bits of a new key', () => {
  it.each(['2048', '256', null, {}])('refuses %p with TypeError', async bits => {
    const options = { bits: bits as number };
    for (const make of [rsa.generatePrivateKey, ecc.generatePrivateKey, aes.generateKey]) {
      await expect(make(options)).rejects.toThrow(TypeError);
    }
  });

  it('says what it got', () => {
    expect(() => checkNumber('2048', 'bits')).toThrow('bits: expected a number, got a string.');
    expect(() => checkNumber(Number.NaN, 'bits')).not.toThrow();
  });
});

describe('keys without context', () => {
  it.each([parsePublicKey, parsePrivateKey, parseSymmetricKey])('%p says what is missing', parse => {
    for (const context of [undefined, {}]) {
      expect(() => parse({ algorithm: 'RSA' }, context as never)).toThrow(TypeError);
      expect(() => parse({ algorithm: 'RSA' }, context as never)).toThrow(
        'expected a context with algorithms',
      );
    }
  });
});

describe('streams', () => {
  it('refuse text in place of a chunk', async () => {
    const key = await aes.generateKey();
    for (const stream of [key.encryptStream?.(), key.decryptStream?.()]) {
      if (stream === undefined) throw new Error('no stream');
      const read = stream.readable.getReader().read();
      const write = stream.writable.getWriter().write('text' as never);
      const outcomes = await Promise.allSettled([read, write]);
      expect(outcomes).toMatchObject([{ reason: { name: 'TypeError' } }, { reason: { name: 'TypeError' } }]);
    }
  });
});
