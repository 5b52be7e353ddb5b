import { createCipheriv } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { aes, createAesKey, padBlocks, unpaddedLength } from '../src/aes/index.js';
import { createRegistry, exportKey, formatJson, type JsonObject, parseSymmetricKey } from '../src/index.js';
import { plain } from '../src/plain/index.js';
import { aesVectorSuites } from './aes-vectors.js';
import { hexBytes, vectors } from './vectors.js';

const key = {
  algorithm: 'AES',
  data: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  iv: 'AAECAwQFBgcICQoLDA0ODw==',
};
const decryptError = expect.objectContaining({ code: 'ERR_DECRYPT' });

/** What comes out of a stream for one chunk. */
async function through(
  stream: TransformStream<Uint8Array, Uint8Array>,
  chunk: Uint8Array,
): Promise<Uint8Array> {
  const result = new Response(stream.readable as unknown as BodyInit).arrayBuffer();
  const writer = stream.writable.getWriter();
  await writer.write(chunk);
  await writer.close();
  return new Uint8Array(await result);
}

aesVectorSuites();

describe('vectors of generation 1: keys.json, symmetric', () => {
  interface KeyCase {
    readonly name: string;
    readonly op: string;
    readonly in: { readonly key: JsonObject };
    readonly out: { readonly size: number; readonly json: JsonObject; readonly refused?: true };
  }
  const context = { symmetric: createRegistry('symmetric algorithm', [aes, plain]) };
  for (const { name, op, in: given, out } of vectors<KeyCase>('v1/keys')) {
    if (op !== 'symmetric-key') continue;
    it(name, () => {
      if (out.refused) {
        expect(() => parseSymmetricKey(given.key, context)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^ERR_(PARSE|KEY_FORMAT|UNSUPPORTED)$/) }),
        );
        return;
      }
      const parsed = parseSymmetricKey(given.key, context);
      expect(parsed.bits).toBe(out.size * 8);
      expect(exportKey(parsed)).toEqual(out.json);
    });
  }
});

describe('vectors of generation 2: keys.json, symmetric', () => {
  interface KeyCase {
    readonly kind: string;
    readonly key: JsonObject;
    readonly data: string;
  }
  const keys = vectors<KeyCase>('v2/keys');
  const context = { symmetric: createRegistry('symmetric algorithm', [aes, plain]) };
  it.each(keys.filter(({ kind }) => kind === 'symmetric'))('key $key', ({ key: json }) => {
    const parsed = parseSymmetricKey(json, context);
    const written =
      parsed.algorithm === 'PLAIN' ? { algorithm: 'PLAIN' } : { ...json, iv: 'AAAAAAAAAAAAAAAAAAAAAA==' };
    expect(exportKey(parsed)).toEqual(written);
  });
  it.each(keys.filter(({ kind }) => kind === 'symmetric-invalid'))('no key $key', ({ key: json }) => {
    expect(() => parseSymmetricKey(json, context)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_(PARSE|KEY_FORMAT|UNSUPPORTED)$/) }),
    );
  });
});

describe('generated keys', () => {
  it('take 105 bytes as JSON and so fit a 1024-bit RSA block of 117', async () => {
    const json = exportKey(await aes.generateKey());
    expect(Object.keys(json)).toEqual(['algorithm', 'data', 'iv']);
    expect(json['algorithm']).toBe('AES');
    expect(formatJson(json, 'Key')).toHaveLength(105);
  });

  it('have 256 bits unless told otherwise, and a random iv', async () => {
    const [a, b] = [await aes.generateKey(), await aes.generateKey()];
    expect(a.bits).toBe(256);
    expect(exportKey(a)['data']).not.toBe(exportKey(b)['data']);
    expect(exportKey(a)['iv']).not.toBe(exportKey(b)['iv']);
    expect((await aes.generateKey({ bits: 128 })).bits).toBe(128);
    await expect(aes.generateKey({ bits: 160 })).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_USAGE' }),
    );
  });

  it('are not made when the caller has given up', async () => {
    const signal = AbortSignal.abort();
    await expect(aes.generateKey({ signal })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });
});

describe('a key', () => {
  it.each([
    ['no data', { algorithm: 'AES' }],
    ['data of 31 bytes', { ...key, data: `${'A'.repeat(40)}AA==` }],
    ['data that is no base64', { ...key, data: 'A'.repeat(43) }],
    ['data that is no text', { ...key, data: 5 }],
    ['a long text', { ...key, data: 'A'.repeat(4_000_000) }],
    ['an iv of 15 bytes', { ...key, iv: 'AAAAAAAAAAAAAAAAAAAA' }],
    ['an iv that is no text', { ...key, iv: [] }],
  ])('with %s is refused', (_, json) => {
    expect(() => aes.parseKey(json)).toThrow(expect.objectContaining({ code: 'ERR_KEY_FORMAT' }));
  });

  it('with an iv of null is one without', () => {
    expect(exportKey(aes.parseKey({ ...key, iv: null }))['iv']).toBe('AAAAAAAAAAAAAAAAAAAAAA==');
  });

  it('does not show its bytes', () => {
    const parsed = aes.parseKey(key);
    for (const shown of [
      JSON.stringify(parsed),
      inspect(parsed, { showHidden: true, depth: 9 }),
      String(parsed),
    ]) {
      expect(shown).not.toContain(key.data);
      expect(shown).not.toContain('Uint8Array');
    }
  });

  it('is not changed through the bytes it was made of', async () => {
    const data = new Uint8Array(16).fill(1);
    const made = createAesKey(data);
    const before = await made.encrypt(data.slice());
    data.fill(2);
    expect(await made.encrypt(new Uint8Array(16).fill(1))).toEqual(before);
  });

  it('is not changed through buffers of Node, whose slices are windows', async () => {
    const [data, iv] = [Buffer.alloc(16, 1), Buffer.alloc(16, 3)];
    const made = createAesKey(data, iv);
    const before = await made.encrypt(Uint8Array.of(1));
    const [encryption, decryption] = [made.encryptStream({ iv }), made.decryptStream({ iv })];
    data.fill(0);
    iv.fill(0);
    expect(await made.encrypt(Uint8Array.of(1))).toEqual(before);
    expect(await through(encryption, Uint8Array.of(1))).toEqual(before);
    expect(await through(decryption, before)).toEqual(Uint8Array.of(1));
  });

  it('is not made of text', () => {
    const [text, data] = ['0123456789abcdef' as never, new Uint8Array(16)];
    expect(() => createAesKey(text)).toThrow(/^data: expected bytes/);
    expect(() => createAesKey(data, text)).toThrow(/^iv: expected bytes/);
  });

  it('with two ivs that differ is refused, since readers would choose differently', () => {
    const { iv, ...rest } = key;
    expect(exportKey(aes.parseKey({ ...key, IV: iv }))).toEqual({ ...key, IV: iv });
    expect(exportKey(aes.parseKey({ ...rest, IV: iv }))).toEqual({ ...rest, IV: iv, iv });
    expect(() => aes.parseKey({ ...key, IV: 'AAAAAAAAAAAAAAAAAAAAAA==' })).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_FORMAT' }),
    );
  });

  it('throws for an iv of another length when it encrypts, and fails as always when it decrypts', async () => {
    const parsed = aes.parseKey(key);
    const iv = new Uint8Array(12);
    await expect(parsed.encrypt(new Uint8Array(1), { iv })).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_USAGE' }),
    );
    await expect(parsed.decrypt(new Uint8Array(16), { iv })).rejects.toThrow(decryptError);
    expect(() => parsed.encryptStream?.({ iv })).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    expect(() => parsed.decryptStream?.({ iv })).toThrow(decryptError);
  });

  it.each([
    ['text', '0123456789abcdef', 'a string; encodeUtf8 or decodeBase64 makes them of text'],
    ['null', null, 'null'],
    ['a list', Array.from({ length: 16 }, () => 1), 'a list'],
    ['numbers of two bytes', new Uint16Array(16), 'an object'],
  ])('takes no iv that is %s', async (_, value, kind) => {
    const parsed = aes.parseKey(key);
    const options = { iv: value as unknown as Uint8Array };
    const wrong = new TypeError(`iv: expected bytes (Uint8Array), got ${kind}.`);
    await expect(parsed.encrypt(new Uint8Array(1), options)).rejects.toThrow(wrong);
    await expect(parsed.decrypt(new Uint8Array(16), options)).rejects.toThrow(wrong);
    expect(() => parsed.encryptStream?.(options)).toThrow(wrong);
    expect(() => parsed.decryptStream?.(options)).toThrow(wrong);
  });
});

describe('padding', () => {
  const data = hexBytes('000102030405060708090a0b0c0d0e0f');
  /** The ciphertext of blocks that are padded by hand. */
  function encryptRaw(blocks: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-128-cbc', data, Buffer.alloc(16)).setAutoPadding(false);
    return Uint8Array.from(Buffer.concat([cipher.update(blocks), cipher.final()]));
  }

  it('is accepted in each of its sixteen forms and with no wrong byte', async () => {
    const made = createAesKey(data);
    for (let count = 1; count <= 16; count++) {
      const good = new Uint8Array(32).fill(count, 32 - count);
      expect(await made.decrypt(encryptRaw(good))).toHaveLength(32 - count);
      for (let i = 2; i <= count; i++) {
        const bad = good.slice();
        bad[32 - i] = count ^ 0x80;
        await expect(made.decrypt(encryptRaw(bad))).rejects.toThrow(decryptError);
      }
    }
  });

  it.each([0, 15, 17])('of %i bytes, which are no whole blocks, is refused', length => {
    expect(() => unpaddedLength(new Uint8Array(length).fill(1))).toThrow(decryptError);
  });

  it('is taken off as it was put on', () => {
    for (let length = 0; length <= 48; length++) {
      const padded = padBlocks(new Uint8Array(length).fill(16));
      expect(padded).toHaveLength(length + 16 - (length % 16));
      expect(unpaddedLength(padded)).toBe(length);
    }
  });

  it.each([0, 17, 32, 128, 255])('of %i is refused', async count => {
    const block = new Uint8Array(32).fill(count);
    await expect(createAesKey(data).decrypt(encryptRaw(block))).rejects.toThrow(decryptError);
  });
});

describe('streams', () => {
  it('hold back no more than a block and give no padding before the end', async () => {
    const made = aes.parseKey(key);
    const ciphertext = await made.encrypt(new Uint8Array(64).fill(7));
    const stream = made.decryptStream?.() as TransformStream<Uint8Array, Uint8Array>;
    const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
    const writing = writer.write(ciphertext);
    expect((await reader.read()).value).toHaveLength(64);
    const closing = writer.close();
    expect((await reader.read()).done).toBe(true);
    await Promise.all([writing, closing]);
  });

  it.each([0, 1, 15, 17, 31])('of %i bytes fail with the one error', async length => {
    const stream = aes.parseKey(key).decryptStream?.() as TransformStream<Uint8Array, Uint8Array>;
    const source = new Blob([new Uint8Array(length)]).stream() as unknown as ReadableStream<Uint8Array>;
    await expect(new Response(source.pipeThrough(stream)).arrayBuffer()).rejects.toThrow(decryptError);
  });

  it('do not keep chunks that the sender uses again', async () => {
    const made = aes.parseKey(key);
    const stream = made.encryptStream?.() as TransformStream<Uint8Array, Uint8Array>;
    const result = new Response(stream.readable as unknown as BodyInit).arrayBuffer();
    const writer = stream.writable.getWriter();
    const chunk = new Uint8Array(5).fill(1);
    await writer.write(chunk);
    chunk.fill(9);
    await writer.close();
    expect(new Uint8Array(await result)).toEqual(await made.encrypt(new Uint8Array(5).fill(1)));
  });
});
