/** @jest-environment-options {"customExportConditions": ["@dimp/source", "browser"]} */
import { exportKey, type PrivateKey } from '@dimp/crypto';
import { aes as portableAes } from '@dimp/crypto/aes';
import { ecc as portableEcc } from '@dimp/crypto/ecc';
import { rsa as portableRsa } from '@dimp/crypto/rsa';
import { fc, test } from '@fast-check/jest';
import { beforeAll, describe, expect } from '@jest/globals';
import { aes, ecc, rsa } from '../src/index.js';
import { lowerS } from '../src/low-s.js';
import { bytes, outcome } from './kit.js';

// native and portable code run side by side and must give the same results, or the same error codes; @dimp/crypto is
// resolved as in bundles for browsers, since in Node it takes whole blocks and digests from node:crypto too

const data = (maxLength = 300) => fc.uint8Array({ maxLength }).map(bytes);

/** What an attacker may do to bytes on their way. */
type Damage = (original: Uint8Array) => Uint8Array;

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant<Damage>(original => original),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(
    ([at, change]): Damage =>
      original => {
        const copy = bytes(original);
        if (copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] as number) ^ change;
        return copy;
      },
  ),
  fc.nat().map(
    (at): Damage =>
      original =>
        original.slice(0, at % (original.length + 1)),
  ),
  data(20).map(
    (more): Damage =>
      original =>
        Uint8Array.of(...original, ...more),
  ),
  data(20).map(
    (more): Damage =>
      original =>
        Uint8Array.of(...more, ...original),
  ),
  data().map(
    (other): Damage =>
      () =>
        other,
  ),
  fc.integer({ min: 0, max: 255 }).map(
    (byte): Damage =>
      original =>
        original.map(() => byte),
  ),
);

async function expectSame(native: () => unknown, portable: () => unknown): Promise<void> {
  expect(await outcome(native)).toEqual(await outcome(portable));
}

interface Pair {
  readonly native: PrivateKey;
  readonly portable: PrivateKey;
}

describe.each([1024, 1032, 2048])('RSA of %i bits', bits => {
  let pair: Pair;
  beforeAll(async () => {
    const native = await rsa.generatePrivateKey({ bits });
    pair = { native, portable: portableRsa.parsePrivateKey(exportKey(native)) };
  });

  test.prop([data()])('signs the same', async text => {
    expect(await pair.native.sign(text)).toEqual(await pair.portable.sign(text));
  });

  test.prop([data(), damage])('judges signatures the same', async (text, alter) => {
    const signature = alter(await pair.native.sign(text));
    await expectSame(
      () => pair.native.publicKey.verify(text, signature),
      () => pair.portable.publicKey.verify(text, signature),
    );
  });

  test.prop([data(bits / 8), damage])('decrypts the same, substitutes included', async (text, alter) => {
    const { capacity = 0 } = pair.native.publicKey.encryption ?? {};
    expect(pair.portable.publicKey.encryption?.capacity).toBe(capacity);
    if (text.length > capacity) {
      for (const { publicKey } of [pair.native, pair.portable]) {
        expect(await outcome(() => publicKey.encryption?.encrypt(text))).toEqual({ error: 'RangeError' });
      }
      return;
    }
    for (const { publicKey } of [pair.native, pair.portable]) {
      const sent = (await publicKey.encryption?.encrypt(text)) as Uint8Array;
      expect(await pair.native.decryption?.decrypt(sent)).toEqual(text);
      const altered = alter(sent);
      await expectSame(
        () => pair.native.decryption?.decrypt(altered),
        () => pair.portable.decryption?.decrypt(altered),
      );
    }
  });

  test.prop([fc.uint8Array({ minLength: bits / 8, maxLength: bits / 8 }).map(bytes)])(
    'treats any block of its length the same',
    async block => {
      await expectSame(
        () => pair.native.decryption?.decrypt(block),
        () => pair.portable.decryption?.decrypt(block),
      );
      await expectSame(
        () => pair.native.publicKey.verify(block, block),
        () => pair.portable.publicKey.verify(block, block),
      );
    },
  );
});

describe('ECC', () => {
  let pair: Pair;
  beforeAll(async () => {
    const native = await ecc.generatePrivateKey();
    pair = { native, portable: portableEcc.parsePrivateKey(exportKey(native)) };
  });

  test.prop([data(), damage])('judges signatures the same, whoever made them', async (text, alter) => {
    for (const signer of [pair.native, pair.portable]) {
      const signature = await signer.sign(text);
      expect(lowerS(signature)).toBe(signature);
      expect(await pair.native.publicKey.verify(text, signature)).toBe(true);
      expect(await pair.portable.publicKey.verify(text, signature)).toBe(true);
      const altered = alter(signature);
      await expectSame(
        () => pair.native.publicKey.verify(text, altered),
        () => pair.portable.publicKey.verify(text, altered),
      );
    }
  });

  test.prop([fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.boolean()])(
    'derives the same keys, in both forms',
    async (secret, compressed) => {
      const json = { algorithm: 'ECC', data: Buffer.from(secret).toString('hex') };
      await expectSame(
        () => ecc.parsePrivateKey(json).publicKey.json,
        () => portableEcc.parsePrivateKey(json).publicKey.json,
      );
      const { publicKey } = portableEcc.parsePrivateKey(json);
      const open = { ...publicKey.json, compressed };
      const here = ecc.parsePublicKey(open);
      expect(here.material).toEqual(portableEcc.parsePublicKey(open).material);
      const signature = await portableEcc.parsePrivateKey(json).sign(secret);
      expect(await here.verify(secret, signature)).toBe(true);
    },
  );
});

/** What programs without a type checker pass for an iv. */
const notBytes = fc
  .constantFrom<unknown>('0123456789abcdef', null, 16, new Uint16Array(16), { length: 16 })
  .map(value => value as Uint8Array);

describe('AES', () => {
  const bytesOfIv = fc.oneof(
    { weight: 5, arbitrary: fc.uint8Array({ minLength: 16, maxLength: 16 }) },
    { weight: 1, arbitrary: data(40) },
  );
  const ownIv = fc.option(bytesOfIv, { nil: undefined });
  const iv = fc.option(fc.oneof({ weight: 6, arbitrary: bytesOfIv }, { weight: 1, arbitrary: notBytes }), {
    nil: undefined,
  });
  const key = fc
    .constantFrom(16, 24, 32)
    .chain(length => fc.uint8Array({ minLength: length, maxLength: length }));

  test.prop([key, ownIv, iv, data(), damage])('does the same', async (secret, own, given, text, alter) => {
    const json = {
      algorithm: 'AES',
      data: Buffer.from(secret).toString('base64'),
      ...(own === undefined ? {} : { iv: Buffer.from(own).toString('base64') }),
    };
    await expectSame(
      () => exportKey(aes.parseKey(json)),
      () => exportKey(portableAes.parseKey(json)),
    );
    if (own !== undefined && own.length !== 16) return;
    const [native, portable] = [aes.parseKey(json), portableAes.parseKey(json)];
    const options = given === undefined ? {} : { iv: given };
    await expectSame(
      () => native.encrypt(text, options),
      () => portable.encrypt(text, options),
    );
    const sent = alter(await native.encrypt(text));
    await expectSame(
      () => native.decrypt(sent, options),
      () => portable.decrypt(sent, options),
    );
    await expectSame(
      () => pump(text, native.encryptStream?.(options)),
      () => pump(text, portable.encryptStream?.(options)),
    );
    await expectSame(
      () => pump(sent, native.decryptStream?.(options)),
      () => pump(sent, portable.decryptStream?.(options)),
    );
  });

  test.prop([notBytes])('takes no iv that is not bytes', async value => {
    const native = await aes.generateKey();
    const refusal = expect.objectContaining({ message: expect.stringMatching(/^iv: expected bytes/) });
    await expect(native.encrypt(new Uint8Array(1), { iv: value })).rejects.toThrow(refusal);
    await expect(native.decrypt(new Uint8Array(16), { iv: value })).rejects.toThrow(refusal);
    expect(() => native.encryptStream?.({ iv: value })).toThrow(refusal);
    expect(() => native.decryptStream?.({ iv: value })).toThrow(refusal);
  });

  test.prop([fc.integer({ min: 0, max: 600 })])(
    'makes keys of the same sizes and refuses the same',
    async bits => {
      await expectSame(
        async () => (await aes.generateKey({ bits })).bits,
        async () => (await portableAes.generateKey({ bits })).bits,
      );
    },
  );
});

/** What comes out of a stream when data goes in by chunks of 50 bytes. */
async function pump(
  data: Uint8Array,
  stream: TransformStream<Uint8Array, Uint8Array> | undefined,
): Promise<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < data.length; i += 50) controller.enqueue(data.slice(i, i + 50));
      controller.close();
    },
  });
  if (stream === undefined) throw new Error('no stream');
  return bytes(new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer()));
}
