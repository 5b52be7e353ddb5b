import { DecryptError, type PrivateKey, unsafeMarkVerified } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import {
  createProfile,
  decryptUsable,
  type Meta,
  selectEncryptionKey,
  selectVerifyKeys,
  signProfile,
} from '../src/index.js';
import { context, id, meta, privateKey, profile } from './kit.js';

/** A profile of anna that names a key. */
function withKey(key: unknown) {
  return signProfile(createProfile(id('anna'), JSON.parse(JSON.stringify({ key }))), privateKey('anna'));
}

describe('selectEncryptionKey', () => {
  it('takes the key in the profile, else the one in the meta', () => {
    expect(selectEncryptionKey(meta('bob'), profile('bob'), context)?.source).toBe('profile');
    expect(selectEncryptionKey(meta('anna'), profile('anna'), context)?.source).toBe('meta');
    expect(selectEncryptionKey(meta('carol'), undefined, context)?.source).toBe('meta');
    expect(selectEncryptionKey(undefined, undefined, context)).toBeUndefined();
  });

  it.each([{ algorithm: 'NEW' }, { algorithm: 'RSA', data: 'x' }, {}, 7, [], 'key'])(
    'passes over %p, which cannot be read',
    async key => {
      expect(selectEncryptionKey(meta('anna'), await withKey(key), context)?.source).toBe('meta');
    },
  );

  it('passes over keys that only sign', async () => {
    const sealed: Meta = { ...meta('anna'), key: { ...meta('anna').key } };
    const { encryption: _, ...signing } = sealed.key;
    const only = unsafeMarkVerified<Meta>({ ...sealed, key: signing });
    expect(selectEncryptionKey(only, profile('anna'), context)).toBeUndefined();
    expect(selectEncryptionKey(only, profile('bob'), context)?.source).toBe('profile');
  });
});

describe('selectVerifyKeys', () => {
  it('gives the meta key first, then the one in the profile', () => {
    const keys = [...selectVerifyKeys(meta('bob'), profile('bob'), context)];
    expect(keys).toHaveLength(2);
    expect(keys[0]?.json).toEqual(meta('bob').key.json);
  });

  it('passes over a key that cannot be read', async () => {
    expect([...selectVerifyKeys(meta('anna'), await withKey({ algorithm: 'NEW' }), context)]).toHaveLength(1);
  });
});

describe('decryptUsable', () => {
  const text = encodeUtf8('secret');
  const read = (plaintext: Uint8Array): string | undefined =>
    Buffer.from(plaintext).toString() === 'secret' ? 'secret' : undefined;
  const toBob = meta('bob').key.encryption;

  it('goes on when a key gives bytes without meaning', async () => {
    const ciphertext = (await toBob?.encrypt(text)) as Uint8Array;
    const keys = [privateKey('anna'), privateKey('moki'), privateKey('bob')];
    const used: PrivateKey[] = [];
    const result = await decryptUsable(keys, ciphertext, (plaintext, key) => {
      used.push(key);
      return read(plaintext);
    });
    expect(result).toBe('secret');
    expect(used.at(-1)).toBe(keys[2]);
  });

  it('says the same whatever the reason', async () => {
    const ciphertext = (await toBob?.encrypt(text)) as Uint8Array;
    const { message } = new DecryptError();
    for (const [keys, given] of [
      [[], ciphertext],
      [[privateKey('anna')], ciphertext],
      [[privateKey('bob')], ciphertext.subarray(1)],
      [[privateKey('bob')], new Uint8Array(0)],
    ] as const) {
      await expect(decryptUsable(keys, given, read)).rejects.toMatchObject({ code: 'ERR_DECRYPT', message });
    }
  });

  it('lets a broken key device be heard', async () => {
    const broken = {
      ...privateKey('bob'),
      decryption: { decrypt: () => Promise.reject(new Error('unplugged')) },
    };
    const key = broken as unknown as PrivateKey;
    await expect(decryptUsable([key, privateKey('bob')], new Uint8Array(128), read)).rejects.toThrow(
      'unplugged',
    );
  });
});
