/** @jest-environment-options {"customExportConditions": ["@dimp/source", "browser"]} */
import { exportKey, type PrivateKey } from '@dimp/crypto';
import { aes as portableAes } from '@dimp/crypto/aes';
import { rsa as portableRsa } from '@dimp/crypto/rsa';
import { fc, test } from '@fast-check/jest';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { platformBytes } from '../src/aes.js';
import { aes, rsa } from '../src/index.js';
import { bytes, outcome, pump } from './kit.js';
import { removeSubtle, restoreCrypto } from './stub-crypto.js';

// this and the portable code run side by side and must give the same results, or the same error codes; modules are
// resolved as in bundles for browsers, so that the portable code is what browsers run

const data = (maxLength = 300) => fc.uint8Array({ maxLength }).map(bytes);

/** Bytes around the size from which WebCrypto is asked, told by their size and their first bytes. */
const sized = fc
  .tuple(fc.integer({ min: platformBytes - 40, max: platformBytes + 40 }), data(20))
  .map(([length, head]) => {
    const all = new Uint8Array(length).fill(length);
    all.set(head);
    return all;
  });

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
  data().map(
    (other): Damage =>
      () =>
        other,
  ),
);

/** What programs without a type checker pass for an iv. */
const notBytes = fc
  .constantFrom<unknown>('0123456789abcdef', null, 16, new Uint16Array(16), { length: 16 })
  .map(value => value as Uint8Array);

async function expectSame(here: () => unknown, portable: () => unknown): Promise<void> {
  expect(await outcome(here)).toEqual(await outcome(portable));
}

function properties(): void {
  describe.each([1024, 1032, 2048])('RSA of %i bits', bits => {
    let here: PrivateKey;
    let portable: PrivateKey;
    beforeAll(async () => {
      portable = await portableRsa.generatePrivateKey({ bits });
      here = rsa.parsePrivateKey(exportKey(portable));
    });

    test.prop([data(), damage])('signs and judges the same', async (text, alter) => {
      const signature = await here.sign(text);
      expect(signature).toEqual(await portable.sign(text));
      const altered = alter(signature);
      await expectSame(
        () => here.publicKey.verify(text, altered),
        () => portable.publicKey.verify(text, altered),
      );
    });

    test.prop([fc.uint8Array({ minLength: bits / 8, maxLength: bits / 8 })])(
      'treats any block of its length the same',
      async block => {
        await expectSame(
          () => here.decryption?.decrypt(block),
          () => portable.decryption?.decrypt(block),
        );
        await expectSame(
          () => here.publicKey.verify(block, block),
          () => portable.publicKey.verify(block, block),
        );
      },
    );
  });

  describe('AES', () => {
    const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const iv = fc.option(
      fc.oneof(
        { weight: 3, arbitrary: sixteen },
        { weight: 2, arbitrary: data(40) },
        { weight: 1, arbitrary: notBytes },
      ),
      { nil: undefined },
    );
    const key = fc
      .constantFrom(16, 24, 32)
      .chain(length => fc.uint8Array({ minLength: length, maxLength: length }));
    const text = fc.oneof(data(), sized);

    test.prop([key, iv, text, damage, fc.integer({ min: 1, max: 20_000 })])(
      'does the same, in one piece and by stream',
      async (secret, given, plaintext, alter, chunk) => {
        const json = { algorithm: 'AES', data: Buffer.from(secret).toString('base64') };
        const [here, portable] = [aes.parseKey(json), portableAes.parseKey(json)];
        expect(exportKey(here)).toEqual(exportKey(portable));
        const options = given === undefined ? {} : { iv: given };
        await expectSame(
          () => here.encrypt(plaintext, options),
          () => portable.encrypt(plaintext, options),
        );
        const sent = alter(await portable.encrypt(plaintext));
        await expectSame(
          () => here.decrypt(sent, options),
          () => portable.decrypt(sent, options),
        );
        await expectSame(
          () => pump(plaintext, Math.max(chunk, 100), here.encryptStream?.(options)),
          () => pump(plaintext, plaintext.length, portable.encryptStream?.(options)),
        );
        await expectSame(
          () => pump(sent, Math.max(chunk, 100), here.decryptStream?.(options)),
          () => pump(sent, sent.length, portable.decryptStream?.(options)),
        );
      },
    );

    test.prop([notBytes, text])('takes no iv that is not bytes', async (value, plaintext) => {
      const key = await aes.generateKey();
      const refusal = expect.objectContaining({ message: expect.stringMatching(/^iv: expected bytes/) });
      await expect(key.encrypt(plaintext, { iv: value })).rejects.toThrow(refusal);
      await expect(key.decrypt(plaintext, { iv: value })).rejects.toThrow(refusal);
      expect(() => key.encryptStream?.({ iv: value })).toThrow(refusal);
      expect(() => key.decryptStream?.({ iv: value })).toThrow(refusal);
    });

    test.prop([fc.constantFrom(0, 128, 192, 256, 512)])('makes keys of the same sizes', async bits => {
      await expectSame(
        async () => (await aes.generateKey({ bits })).bits,
        async () => (await portableAes.generateKey({ bits })).bits,
      );
    });
  });
}

describe('with crypto.subtle', properties);

describe('without crypto.subtle', () => {
  beforeAll(removeSubtle);
  afterAll(restoreCrypto);
  properties();
});
