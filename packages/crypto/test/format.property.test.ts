import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import * as node from '../src/format/base64-node.js';
import * as portable from '../src/format/base64-portable.js';
import {
  decodeBase58,
  decodeBase64,
  decodeHex,
  decodeUtf8,
  encodeBase58,
  encodeBase64,
  encodeHex,
  encodeUtf8,
} from '../src/format/index.js';

const anyBytes = fc.uint8Array({ maxLength: 300 });
const almostBase64 = fc
  .array(fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', '_', ' ', '\n', '\u0141'), { maxLength: 24 })
  .map(letters => letters.join(''));

describe('text codings', () => {
  test.prop([anyBytes])('read back what they wrote', data => {
    expect(decodeBase64(encodeBase64(data))).toEqual(data);
    expect(decodeHex(encodeHex(data))).toEqual(data);
    expect(decodeBase58(encodeBase58(data))).toEqual(data);
  });

  test.prop([fc.string({ unit: 'grapheme' })])('read back text', text => {
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });

  test.prop([fc.oneof(fc.string({ unit: 'binary' }), almostBase64)])(
    'give bytes or ERR_PARSE for any text',
    text => {
      for (const decode of [decodeBase64, decodeHex, decodeBase58]) {
        let outcome: unknown;
        try {
          outcome = decode(text);
        } catch (error) {
          outcome = error;
        }
        if (!(outcome instanceof Uint8Array)) expect(outcome).toHaveProperty('code', 'ERR_PARSE');
      }
    },
  );
});

describe('the two ways to base64', () => {
  test.prop([anyBytes])('write the same as Node', data => {
    const text = Buffer.from(data).toString('base64');
    expect(portable.writeBase64(data)).toBe(text);
    expect(node.writeBase64(data)).toBe(text);
    expect(portable.readBase64(text)).toEqual(data);
    expect(node.readBase64(text)).toEqual(data);
  });

  test.prop([fc.oneof(almostBase64, anyBytes.map(encodeBase64))])('accept the same texts', text => {
    const wanted = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
    expect(portable.readBase64(text) !== undefined).toBe(wanted);
    expect(node.readBase64(text)).toEqual(portable.readBase64(text));
  });
});
