import type { Verified } from '@dimp/crypto';
import { createProfileCommand, type ReliableMessage } from '@dimp/dkd';
import { createProfile, type Profile, signProfile } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { Facebook, rotateProfileKey, updateProfile } from '../src/index.js';
import { codeOf, introduce, keyOf, now, type Person, person, protocol, tell, textOf, write } from './kit.js';

/** What Bob's private key it was that opened a message: the one of his meta has 1024 bits, others more. */
async function openedWith(bob: Person, message: ReliableMessage): Promise<number | undefined> {
  const outcome = await bob.messenger.processMessage(message);
  return outcome.kind === 'accepted' ? outcome.labels.encryption?.wrap?.bits : undefined;
}

describe('a user who changes the key in his profile', () => {
  it('reads what was encrypted with the old one until its time is over', async () => {
    let time = now;
    const facebook = new Facebook({ protocol, clock: () => time, keepRetiredKeys: 1000 });
    const bob = await person('bob', { facebook, replay: false });
    const alice = await person('alice');
    await rotateProfileKey(facebook, bob.id, { bits: 1032 });
    await introduce(alice, bob);
    const early = await write(alice, bob.id, 'with the first key');
    const late = await write(alice, bob.id, 'with the first key, too late');
    time += 10;
    await rotateProfileKey(facebook, bob.id, { bits: 1040 });
    await tell(alice, bob);
    const fresh = await write(alice, bob.id, 'with the second key');
    expect(await openedWith(bob, fresh)).toBe(1040);
    time += 1000;
    expect(await openedWith(bob, early)).toBe(1032);
    time += 1;
    expect(codeOf(await bob.messenger.processMessage(late))).toBe('ERR_DECRYPT');

    // the next change forgets it for good
    await rotateProfileKey(facebook, bob.id, { bits: 1024 });
    const stored = await facebook.archive.loadUserKeys(bob.id);
    expect(stored?.profileKeys.map(({ key, retired }) => [key.bits, retired])).toEqual([
      [1024, undefined],
      [1040, time],
    ]);
  });

  it('still reads what was encrypted with the key of his meta', async () => {
    const bob = await person('bob');
    const alice = await person('alice');
    await introduce(alice, bob);
    const message = await write(alice, bob.id, 'before I knew your profile');
    await rotateProfileKey(bob.facebook, bob.id, { bits: 1032 });
    expect(await openedWith(bob, message)).toBe(1024);
  });

  it('keeps what his profile says beside the key', async () => {
    const bob = await person('bob', { profile: { name: 'Bob', mood: 'fine' } });
    await rotateProfileKey(bob.facebook, bob.id, { bits: 1024, properties: { mood: 'new' } });
    const before = (await bob.user.profile())?.properties['time'];
    await updateProfile(bob.facebook, bob.id, { name: null, avatar: 'http://bob/' });
    const profile = await bob.user.profile();
    expect(Object.keys(profile?.properties ?? {}).sort()).toEqual(['avatar', 'key', 'mood', 'time']);
    // also within one second
    expect(profile?.properties['time']).toBeGreaterThan(before as number);
    expect(profile?.properties).toMatchObject({ mood: 'new', avatar: 'http://bob/' });
  });

  it('must be here', async () => {
    const bob = await person('bob');
    const alice = await person('alice');
    await introduce(alice, bob);
    await expect(rotateProfileKey(alice.facebook, bob.id, { bits: 1024 })).rejects.toMatchObject({
      code: 'ERR_USAGE',
    });
    await expect(updateProfile(alice.facebook, bob.id, { name: 'Not Bob' })).rejects.toMatchObject({
      code: 'ERR_USAGE',
    });
  });
});

describe('a key in a profile that the user did not sign', () => {
  it('is never used', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    const mallory = await person('mallory');
    await introduce(alice, bob, mallory);
    const key = (await keyOf('mallory')).publicKey.json;
    const unsigned = createProfile(bob.id, { key });
    const signedByMallory: Profile = await signProfile(unsigned, await keyOf('mallory'));
    const signedForMallory: Profile = {
      ...(await signProfile(createProfile(mallory.id, { key }), await keyOf('mallory'))),
      id: bob.id,
    };
    for (const profile of [signedByMallory, signedForMallory]) {
      const outcome = await alice.messenger.processMessage(
        await write(mallory, alice.id, createProfileCommand(bob.id, profile)),
      );
      if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
      const [answer] = outcome.replies;
      const read = answer && (await mallory.messenger.processMessage(answer));
      expect(read && textOf(read)).toBe(`Profile not match ID: ${bob.id.text}`);
    }
    expect(await alice.facebook.saveProfile(unsigned)).toBe(false);
    expect(await alice.facebook.loadProfile(bob.id)).toBeUndefined();
    const message = await write(alice, bob.id, 'for Bob only');
    expect(await openedWith(bob, message)).toBe(1024);
  });

  it('is used when he signed it', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    const station = await person('station');
    await introduce(alice, bob);
    await introduce(alice, station);
    await rotateProfileKey(bob.facebook, bob.id, { bits: 1032 });
    const profile = await bob.user.profile();
    if (profile === undefined) throw new Error('no profile');
    const outcome = await alice.messenger.processMessage(
      await write(station, alice.id, createProfileCommand(bob.id, profile)),
    );
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    const [answer] = outcome.replies;
    const read = answer && (await station.messenger.processMessage(answer));
    expect(read).toMatchObject({
      message: { content: { kind: 'receipt-command', message: `Profile received: ${bob.id.text}` } },
    });
    expect(await openedWith(bob, await write(alice, bob.id, 'for Bob only'))).toBe(1032);
  });
});

describe('an old profile that somebody brings again', () => {
  it('does not bring back the key that its owner has given up', async () => {
    const { alice, bob, mallory } = await people();
    const old = await rotated(bob, 1032);
    const now = await rotated(bob, 1040);
    expect(await brings(bob, alice, now)).toBe(`Profile received: ${bob.id.text}`);
    expect(await brings(mallory, alice, old)).toBe(`Profile not accept: ${bob.id.text}!`);
    expect(await brings(bob, alice, old)).toBe(`Profile not accept: ${bob.id.text}!`);
    expect(await alice.facebook.saveProfile(old)).toBe(false);
    expect(await brings(mallory, alice, now)).toBe(`Profile received: ${bob.id.text}`);
    expect(await openedWith(bob, await write(alice, bob.id, 'for Bob only'))).toBe(1040);
  });

  it('that does not say its time is taken from its owner only, once one has said so', async () => {
    const { alice, bob, mallory } = await people();
    const signed = (name: string, rest = {}) =>
      keyOf('bob').then(key => signProfile(createProfile(bob.id, { name, ...rest }), key));
    const [first, second, third] = [await signed('1'), await signed('2'), await signed('3', { time: 1 })];
    const nameHere = async () => (await alice.facebook.loadProfile(bob.id))?.properties['name'];
    // of two without a time the last that came stays
    for (const profile of [second, first, third]) {
      expect(await brings(mallory, alice, profile)).toBe(`Profile received: ${bob.id.text}`);
      expect(await nameHere()).toBe(profile.properties['name']);
    }
    expect(await brings(mallory, alice, first)).toBe(`Profile not accept: ${bob.id.text}!`);
    expect(await nameHere()).toBe('3');
    expect(await brings(bob, alice, first)).toBe(`Profile received: ${bob.id.text}`);
    expect(await nameHere()).toBe('1');
  });

  it('is not made of oneself', async () => {
    const bob = await person('bob', { profile: { name: 'Bob', time: 2_000_000_000 } });
    await expect(updateProfile(bob.facebook, bob.id, { name: 'B', time: 1_000_000_000 })).rejects.toThrow(
      /older than the one of .*; leave out `time`/,
    );
    expect((await bob.user.profile())?.properties['name']).toBe('Bob');
  });

  async function people() {
    const [alice, bob, mallory] = [await person('alice'), await person('bob'), await person('mallory')];
    await introduce(alice, bob, mallory);
    return { alice, bob, mallory };
  }

  async function rotated({ facebook, id, user }: Person, bits: number) {
    await rotateProfileKey(facebook, id, { bits });
    return (await user.profile()) as Verified<Profile>;
  }
});

/** What is answered to one who brings a profile. */
async function brings(from: Person, to: Person, profile: Profile): Promise<string | undefined> {
  const offer = createProfileCommand(profile.id, profile);
  const outcome = await to.messenger.processMessage(await write(from, to.id, offer));
  if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
  const [answer] = outcome.replies;
  const read = answer && (await from.messenger.processMessage(answer));
  if (read?.kind !== 'accepted') throw new Error(read?.kind);
  const { content } = read.message;
  return content.kind === 'receipt-command' ? content.message : textOf(read);
}
