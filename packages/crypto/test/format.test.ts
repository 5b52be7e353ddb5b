import { describe, expect, it } from '@jest/globals';
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
import { bytes, hexBytes, vectors } from './vectors.js';

interface V1Case {
  readonly name: string;
  readonly op: string;
  readonly in: { readonly data: string; readonly text: string };
  readonly out: { readonly data: string; hex: string; base64: string; base58: string; refused?: true };
}

interface V2Case {
  readonly kind: string;
  readonly text: string;
  readonly data_hex: string;
  readonly hex: string;
  readonly base58: string;
  readonly base64: string;
  readonly reference: string | null;
  readonly canonical: boolean;
}

const decoders: Record<string, (text: string) => Uint8Array> = {
  'base58-decode': text => decodeBase58(text),
  'base64-decode': text => decodeBase64(text),
  'hex-decode': text => decodeHex(text),
};

describe('vectors of generation 1', () => {
  for (const { name, op, in: given, out } of vectors<V1Case>('v1/digests')) {
    const decode = decoders[op];
    if (decode === undefined) {
      it(`codings: ${name}`, () => {
        const data = bytes(given.data);
        expect({ hex: encodeHex(data), base64: encodeBase64(data), base58: encodeBase58(data) }).toEqual({
          hex: out.hex,
          base64: out.base64,
          base58: out.base58,
        });
      });
    } else if (out.refused) {
      it(`refuses: ${name}`, () => {
        expect(() => decode(given.text)).toThrow(expect.objectContaining({ code: 'ERR_PARSE' }));
      });
    } else {
      it(name, () => expect(decode(given.text)).toEqual(bytes(out.data)));
    }
  }
});

describe('vectors of generation 2', () => {
  const cases = vectors<V2Case>('v2/encodings');
  for (const vector of cases.filter(({ kind }) => kind === 'bytes')) {
    it(`codes ${vector.data_hex.slice(0, 20)}`, () => {
      const data = hexBytes(vector.data_hex);
      expect(encodeHex(data)).toBe(vector.hex);
      expect(encodeBase58(data)).toBe(vector.base58);
      expect(encodeBase64(data)).toBe(vector.base64);
      expect(decodeHex(vector.hex)).toEqual(data);
      expect(decodeBase58(vector.base58)).toEqual(data);
      expect(decodeBase64(vector.base64)).toEqual(data);
    });
  }
  for (const { text, reference, canonical } of cases.filter(({ kind }) => kind === 'base64-decode')) {
    // what is not canonical may be refused; white space and bits beyond the end are read
    const read = canonical || /\s/.test(text) || text === 'YR==';
    it(`${read ? 'reads' : 'refuses'} ${JSON.stringify(text)}`, () => {
      if (read) expect(encodeHex(decodeBase64(text))).toBe(reference);
      else expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'ERR_PARSE' }));
    });
  }
});

describe('base64', () => {
  it('names the place in errors and shows nothing of the text', () => {
    const error = {
      code: 'ERR_PARSE',
      path: 'Key.data',
      message: 'Key.data: expected base64 text with padding',
    };
    expect(() => decodeBase64('secret*!', 'Key.data')).toThrow(expect.objectContaining(error));
  });

  it.each([
    'A',
    'AA',
    'AAA',
    'A===',
    '=',
    '====',
    'AA=A',
    'AA==AA==',
    '\u0141BCD',
    'AAA\u00a0',
    'AAAA\u2028',
    'AAA\ud800',
  ])('refuses %j', text => {
    expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'ERR_PARSE' }));
  });

  it('skips white space anywhere, also inside the padding', () => {
    expect(decodeBase64(' Y\tQ\r\n=\n= ')).toEqual(Uint8Array.of(0x61));
    expect(decodeBase64(' \n')).toEqual(new Uint8Array(0));
  });

  it('gives memory of its own, with no other bytes behind it', () => {
    const data = decodeBase64('AQID');
    expect(data.buffer.byteLength).toBe(3);
    expect(Object.getPrototypeOf(data)).toBe(Uint8Array.prototype);
  });

  it('writes a window on larger memory without its surroundings', () => {
    expect(encodeBase64(Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4))).toBe('AQID');
  });
});

describe('hex', () => {
  it('writes small letters and reads both', () => {
    expect(encodeHex(Uint8Array.of(0, 171, 255))).toBe('00abff');
    expect(decodeHex('00aBFf')).toEqual(Uint8Array.of(0, 171, 255));
  });

  it.each(['0', 'abc', '0x00', 'gg', '0 0 ', '\u0661\u0661', '0:', '@@', '`a'])('refuses %j', text => {
    expect(() => decodeHex(text, 'key')).toThrow(expect.objectContaining({ code: 'ERR_PARSE', path: 'key' }));
  });
});

describe('base58', () => {
  it.each(['0', 'O', 'I', 'l', ' 1', '1\n', 'é'])('refuses %j', text => {
    expect(() => decodeBase58(text, 'Address')).toThrow(
      expect.objectContaining({ code: 'ERR_PARSE', path: 'Address' }),
    );
  });

  it('does not start on a text whose reading would take minutes', () => {
    expect(() => decodeBase58('z'.repeat(1_000_000))).toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
  });
});

describe('utf8', () => {
  it.each([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]])(
    'refuses ill-formed bytes %j',
    (...data) => {
      expect(() => decodeUtf8(Uint8Array.from(data), 'Text')).toThrow(
        expect.objectContaining({ code: 'ERR_PARSE', path: 'Text' }),
      );
    },
  );

  it('keeps a byte order mark', () => {
    expect(decodeUtf8(encodeUtf8('\ufeffa'))).toBe('\ufeffa');
  });
});
