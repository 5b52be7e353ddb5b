import { exportKey } from '@dimp/crypto';
import { entityKind, NetworkType, profileName } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { Facebook, registerGroup, registerUser, rotateProfileKey } from '../src/index.js';
import { introduce, keyOf, person, protocol } from './kit.js';

describe('a new user', () => {
  it('has an RSA key in his meta and no profile unless told', async () => {
    const facebook = new Facebook({ protocol });
    const shares: number[] = [];
    const user = await registerUser(facebook, {
      name: 'anna',
      bits: 1024,
      onProgress: share => shares.push(share),
    });
    expect(user.id.name).toBe('anna');
    expect(user.id.address.network).toBe(NetworkType.main);
    expect((await user.meta()).key).toMatchObject({ algorithm: 'RSA', bits: 1024 });
    expect(await user.profile()).toBeUndefined();
    expect((await user.encryptionKey()).source).toBe('meta');
    expect((await facebook.currentUser()).id.text).toBe(user.id.text);
    for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
    expect((await facebook.loadUserKeys(user.id))?.profileKeys).toEqual([]);
  });

  it('says in his profile what he wants, with a key of its own on request', async () => {
    const facebook = new Facebook({ protocol });
    const user = await registerUser(facebook, {
      name: 'anna',
      privateKey: await keyOf('anna'),
      bits: 1024,
      profile: { name: 'Anna' },
      profileKey: true,
    });
    const profile = await user.profile();
    expect(profile && profileName(profile)).toBe('Anna');
    const { source, publicKey } = await user.encryptionKey();
    expect(source).toBe('profile');
    expect(publicKey.bits).toBe(1024);
    const keys = await facebook.loadUserKeys(user.id);
    expect(keys?.profileKeys[0]?.key.publicKey.material).toEqual(publicKey.material);
  });

  it('gets an RSA key in his profile when the key of his meta only signs', async () => {
    const facebook = new Facebook({ protocol });
    const user = await registerUser(facebook, { name: 'emma', algorithm: 'ECC', bits: 1024 });
    expect((await user.meta()).key).toMatchObject({ algorithm: 'ECC', bits: 256 });
    const { source, publicKey } = await user.encryptionKey();
    expect([source, publicKey.algorithm, publicKey.bits]).toEqual(['profile', 'RSA', 1024]);
  });

  it('may have none, and then nobody can write to him', async () => {
    const facebook = new Facebook({ protocol });
    const user = await registerUser(facebook, {
      name: 'emma',
      algorithm: 'ECC',
      profileKey: false,
      profile: { name: 'Emma' },
    });
    await expect(user.encryptionKey()).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' });
  });

  it('may be a robot or a station, with a key made elsewhere', async () => {
    const facebook = new Facebook({ protocol });
    const privateKey = await keyOf('robot');
    for (const network of [NetworkType.robot, NetworkType.station]) {
      const { id } = await registerUser(facebook, { name: 'machine', network, privateKey });
      expect(entityKind(id.address.network)).toBe(network === NetworkType.robot ? 'robot' : 'station');
      const keys = await facebook.loadUserKeys(id);
      expect(keys && exportKey(keys.metaKey)).toEqual(exportKey(privateKey));
    }
  });

  it('is not made with an algorithm that nobody knows, or when it is broken off', async () => {
    const facebook = new Facebook({ protocol });
    await expect(registerUser(facebook, { name: 'x', algorithm: 'ROT13' })).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED',
    });
    const reason = new Error('never mind');
    const signal = AbortSignal.abort(reason);
    await expect(registerUser(facebook, { name: 'x', signal })).rejects.toBe(reason);
    expect(await facebook.localUsers()).toEqual([]);
  });
});

describe('a change of the key in a profile', () => {
  it('that is broken off leaves everything as it was', async () => {
    const anna = await person('anna', { profileKey: true });
    const before = await anna.user.profile();
    const reason = new Error('never mind');
    await expect(
      rotateProfileKey(anna.facebook, anna.id, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    expect(await anna.user.profile()).toBe(before);
    expect((await anna.facebook.loadUserKeys(anna.id))?.profileKeys).toHaveLength(1);
  });
});

describe('a new group', () => {
  it('belongs to its founder, who is its first member', async () => {
    const anna = await person('anna');
    const bob = await person('bob');
    await introduce(anna, bob);
    const group = await registerGroup(anna.facebook, {
      name: 'club',
      members: [bob.id, anna.id],
      profile: { name: 'The Club' },
    });
    expect(entityKind(group.id.address.network)).toBe('polylogue');
    expect((await group.members())?.map(({ name }) => name)).toEqual(['anna', 'bob']);
    expect((await group.owner())?.text).toBe(anna.id.text);
    const profile = await group.profile();
    expect(profile && profileName(profile)).toBe('The Club');
  });

  it('is made by a local user only', async () => {
    const anna = await person('anna');
    const bob = await person('bob');
    await introduce(anna, bob);
    await expect(registerGroup(anna.facebook, { name: 'his', founder: bob.id })).rejects.toMatchObject({
      code: 'ERR_USAGE',
    });
    await expect(registerGroup(new Facebook(), { name: 'none' })).rejects.toMatchObject({
      code: 'ERR_USAGE',
    });
  });

  it('says what is missing when there is no name', async () => {
    const facebook = new Facebook();
    for (const options of [{}, 'bob', undefined]) {
      await expect(registerUser(facebook, options as never)).rejects.toThrow(
        new TypeError('options.name: expected text, got undefined'),
      );
    }
  });
});
