import { encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import { createProfile, createUser, Station, signProfile, type User } from '../src/index.js';
import { context, flip, id, meta, privateKey, source } from './kit.js';

const text = encodeUtf8('Hey guy!');

function user(name: string, changes: Parameters<typeof source>[0] = {}): User {
  return createUser(id(name), source(changes), context);
}

describe('User', () => {
  it('verifies what he signed, and not after any flipped bit', async () => {
    const anna = user('anna');
    const signature = await anna.sign(text);
    expect(await anna.verify(text, signature)).toBe(true);
    expect(await user('moki').verify(text, signature)).toBe(false);
    const taken: number[] = [];
    for (let bit = 0; bit < signature.length * 8; bit++) {
      if (await anna.verify(text, flip(signature, bit))) taken.push(bit);
    }
    expect(taken).toEqual([]);
  });

  it('verifies by the key in the profile too', async () => {
    const [key] = await source().loadDecryptKeys(id('bob'));
    const signature = await key?.sign(text);
    expect(await user('bob').verify(text, signature as Uint8Array)).toBe(true);
  });

  it('decrypts what was encrypted for him, by profile key and by meta key', async () => {
    const bob = user('bob');
    expect((await bob.encryptionKey()).source).toBe('profile');
    const asText = (plaintext: Uint8Array): string => Buffer.from(plaintext).toString();
    expect(await bob.decrypt(await bob.encrypt(text), asText)).toBe('Hey guy!');
    const byMeta = await user('bob', { loadProfile: () => undefined }).encrypt(text);
    const usable = (plaintext: Uint8Array): string | undefined =>
      asText(plaintext) === 'Hey guy!' ? 'usable' : undefined;
    expect(await bob.decrypt(byMeta, usable)).toBe('usable');
  });

  it('tells what is not here', async () => {
    const stranger = user('anna', { loadMeta: () => undefined, loadSignKey: () => undefined });
    await expect(stranger.verify(text, text)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', what: 'meta' });
    await expect(stranger.encrypt(text)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', what: 'meta' });
    await expect(stranger.sign(text)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', what: 'private key' });
  });

  it('takes bytes and no text', async () => {
    const anna = user('anna');
    const signature = await anna.sign(text);
    const calls: (() => Promise<unknown>)[] = [
      () => anna.sign('Hey guy!' as never),
      () => anna.encrypt('Hey guy!' as never),
      () => anna.verify('Hey guy!' as never, signature),
      () => anna.verify(text, 'signature' as never),
    ];
    for (const call of calls)
      await expect(call()).rejects.toThrow('expected bytes (Uint8Array), got a string; encodeUtf8');
    expect(await anna.verify(Buffer.from(text), Buffer.from(signature))).toBe(true);
  });

  it('cannot be encrypted for when no key of his can', async () => {
    const { encryption: _, ...signing } = meta('anna').key;
    const loadMeta = () => ({ ...meta('anna'), key: signing }) as never;
    // her profile, which may name a key, is not here
    const waiting = user('anna', { loadMeta, loadProfile: () => undefined });
    await expect(waiting.encrypt(text)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', what: 'profile' });
    await expect(user('anna', { loadMeta }).encrypt(text)).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' });
  });
});

describe('the name to show', () => {
  it('is in the profile, else in the ID', async () => {
    expect(await user('bob').name()).toBe('Bob');
    expect(await user('carol').name()).toBe('carol');
    const empty = await signProfile(createProfile(id('anna'), { name: '' }), privateKey('anna'));
    expect(await user('anna', { loadProfile: () => empty }).name()).toBe('anna');
  });
});

describe('Station', () => {
  it.each([
    [
      { host: '127.0.0.1', port: 9394 },
      { host: '127.0.0.1', port: 9394 },
    ],
    [
      { host: 'a.example', port: '80' },
      { host: 'a.example', port: 80 },
    ],
    [{}, { host: '0.0.0.0', port: 9394 }],
    [
      { host: '', port: 0 },
      { host: '0.0.0.0', port: 9394 },
    ],
    [
      { host: 7, port: 70_000 },
      { host: '0.0.0.0', port: 9394 },
    ],
    [
      { host: null, port: 'x' },
      { host: '0.0.0.0', port: 9394 },
    ],
  ])('with %p is at %p', async (properties, location) => {
    const profile = await signProfile(createProfile(id('station'), properties), privateKey('station'));
    const station = user('station', { loadProfile: () => profile });
    expect(station).toBeInstanceOf(Station);
    expect(await (station as Station).location()).toEqual(location);
  });

  it('without profile is nowhere in particular', async () => {
    const station = user('station', { loadProfile: () => undefined }) as Station;
    expect(await station.location()).toEqual({ host: '0.0.0.0', port: 9394 });
  });
});
