import {
  createProfile,
  formatProfile,
  generateMeta,
  type ID,
  NetworkType,
  parseProfile,
  signProfile,
  withProperty,
} from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { Facebook, MemoryArchive, registerGroup, registerUser, updateProfile } from '../src/index.js';
import { introduce, keyOf, now, person, protocol, tell } from './kit.js';

/** What was thrown, by code. */
async function codeOf(action: Promise<unknown>): Promise<unknown> {
  try {
    await action;
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
  return undefined;
}

describe('who acts here', () => {
  it('is nobody at first', async () => {
    const facebook = new Facebook();
    expect(await facebook.localUsers()).toEqual([]);
    expect(await codeOf(facebook.currentUser())).toBe('ERR_USAGE');
    expect(await facebook.selectLocalUser(facebook.parseID('anyone@anywhere'))).toBeUndefined();
  });

  it('is the first who came, until another is made the current one', async () => {
    const facebook = new Facebook({ protocol });
    const anna = await person('anna', { facebook });
    const bob = await person('bob', { facebook });
    expect((await facebook.currentUser()).id.text).toBe(anna.id.text);
    await facebook.setCurrentUser(bob.id);
    expect((await facebook.localUsers()).map(({ id }) => id.name)).toEqual(['bob', 'anna']);
    await facebook.setCurrentUser(bob.id);
    expect((await facebook.localUsers()).map(({ id }) => id.name)).toEqual(['bob', 'anna']);
  });

  it('is never somebody without private keys', async () => {
    const anna = await person('anna');
    const bob = await person('bob');
    await introduce(anna, bob);
    expect(await codeOf(anna.facebook.setCurrentUser(bob.id))).toBe('ERR_USAGE');
    expect((await anna.facebook.currentUser()).id.text).toBe(anna.id.text);
  });

  it('stays so in the next run, with the same archive', async () => {
    const archive = new MemoryArchive();
    const { id } = await person('anna', { facebook: new Facebook({ archive, protocol }) });
    const next = new Facebook({ archive, protocol });
    const user = await next.currentUser();
    expect(user.id.text).toBe(id.text);
    const data = Uint8Array.of(1);
    expect(await user.verify(data, await user.sign(data))).toBe(true);
  });

  it('is chosen by the receiver of a message', async () => {
    const facebook = new Facebook({ protocol });
    const anna = await person('anna', { facebook });
    const bob = await person('bob', { facebook });
    const carol = await person('carol');
    await tell(anna, carol);
    const group = await registerGroup(facebook, { founder: bob.id, name: 'his', members: [carol.id] });
    const chosen = async (id: ID) => (await facebook.selectLocalUser(id))?.id.name;
    expect(await chosen(bob.id)).toBe('bob');
    expect(await chosen(facebook.parseID(`${bob.id.text}/phone`))).toBe('bob');
    expect(await chosen(carol.id)).toBeUndefined();
    expect(await chosen(group.id)).toBe('bob');
    expect(await chosen(facebook.parseID('everyone@everywhere'))).toBe('anna');
    await facebook.forgetMembers(group.id);
    // the owner is a member although no list says so
    expect(await chosen(group.id)).toBe('bob');
    const { id: strange } = await registerGroup(carol.facebook, { name: 'hers' });
    expect(await chosen(strange)).toBeUndefined();
  });
});

describe('taking in a local user', () => {
  it('refuses a meta of somebody else, and a private key of somebody else', async () => {
    const facebook = new Facebook({ protocol });
    const [key, other] = [await keyOf('anna'), await keyOf('bob')];
    const meta = await generateMeta(key, 'anna', protocol);
    const id = facebook.idOf(meta, NetworkType.main);
    const stranger = facebook.idOf(await generateMeta(other, 'bob', protocol), NetworkType.main);
    const keys = { metaKey: key, profileKeys: [] };
    expect(await codeOf(facebook.addLocalUser(stranger, meta, keys))).toBe('ERR_USAGE');
    expect(await codeOf(facebook.addLocalUser(id, meta, { metaKey: other, profileKeys: [] }))).toBe(
      'ERR_USAGE',
    );
    expect(await facebook.localUsers()).toEqual([]);
    await facebook.addLocalUser(id, meta, keys);
    await facebook.addLocalUser(id, meta, keys);
    expect(await facebook.localUsers()).toHaveLength(1);
  });

  it('refuses what is no user, and goes on working', async () => {
    const facebook = new Facebook({ protocol });
    const options = { name: 'club', privateKey: await keyOf('anna'), network: NetworkType.group };
    expect(await codeOf(registerUser(facebook, options))).toBe('ERR_UNSUPPORTED');
    expect(await facebook.localUsers()).toEqual([]);
    await person('anna', { facebook });
    expect((await facebook.currentUser()).id.name).toBe('anna');
  });
});

describe('contacts', () => {
  it('belong to a user, each once', async () => {
    const facebook = new Facebook({ protocol });
    const anna = await person('anna', { facebook });
    const bob = await person('bob', { facebook });
    const moki = facebook.parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk');
    await Promise.all([
      facebook.addContact(anna.id, bob.id),
      facebook.addContact(anna.id, moki),
      facebook.addContact(anna.id, facebook.parseID(`${moki.text}/phone`)),
      facebook.addContact(bob.id, anna.id),
    ]);
    expect((await facebook.loadContacts(anna.id)).map(({ name }) => name)).toEqual(['bob', 'moki']);
    await facebook.removeContact(anna.id, facebook.parseID(`${bob.id.text}/phone`));
    expect((await facebook.loadContacts(anna.id)).map(({ name }) => name)).toEqual(['moki']);
    expect((await facebook.loadContacts(bob.id)).map(({ name }) => name)).toEqual(['anna']);
  });
});

describe('an address alone', () => {
  it('gets the name that the meta on file gives', async () => {
    const anna = await person('anna');
    const address = anna.facebook.parseID(anna.id.address.text);
    expect(address.name).toBe('');
    expect((await anna.facebook.completeID(address.address))?.text).toBe(anna.id.text);
    const bob = await person('bob');
    expect(await anna.facebook.completeID(bob.id.address)).toBeUndefined();
  });

  it('stays alone when the meta has no name', async () => {
    const archive = new MemoryArchive();
    const anna = await person('anna', { facebook: new Facebook({ archive, protocol }) });
    const bare = anna.facebook.parseID(anna.id.address.text);
    const second = new MemoryArchive();
    second.saveMeta(bare, await anna.user.meta());
    const facebook = new Facebook({ archive: second, protocol });
    expect((await facebook.completeID(bare.address))?.text).toBe(anna.id.address.text);
  });
});

describe('a meta', () => {
  it('is kept only for the ID it belongs to, and told of once', async () => {
    const facebook = new Facebook({ protocol });
    const anna = await person('anna');
    const bob = await person('bob');
    const told: string[] = [];
    facebook.on('meta', ({ id }) => told.push(id.name));
    const meta = await anna.user.meta();
    expect(await facebook.saveMeta(meta, bob.id)).toBe(false);
    expect(await facebook.loadMeta(bob.id)).toBeUndefined();
    expect(await facebook.saveMeta(meta, anna.id)).toBe(true);
    expect(await facebook.saveMeta(meta, anna.id)).toBe(true);
    expect(told).toEqual(['anna']);
    expect(await facebook.user(anna.id)).toBeDefined();
    expect(await facebook.user(bob.id)).toBeUndefined();
  });
});

describe('a profile', () => {
  it('of a user is kept if he signed it, and his meta is here', async () => {
    const facebook = new Facebook({ protocol });
    const anna = await person('anna', { profile: { name: 'Anna' } });
    const profile = await anna.user.profile();
    if (profile === undefined) throw new Error('no profile');
    expect(await facebook.saveProfile(profile)).toBe(false);
    await facebook.saveMeta(await anna.user.meta(), anna.id);
    const bob = await person('bob');
    expect(await facebook.saveProfile(profile, bob.id)).toBe(false);
    expect(await facebook.saveProfile(withProperty(profile, 'name', 'Not Anna'))).toBe(false);
    expect(await facebook.saveProfile({ ...profile, data: '{"name":"Not Anna"}' })).toBe(false);
    expect(await facebook.saveProfile(parseProfile(formatProfile(profile), protocol))).toBe(true);
    expect((await facebook.loadProfile(anna.id))?.properties).toMatchObject({ name: 'Anna' });
    const everyone = facebook.parseID('anyone@anywhere');
    expect(await facebook.saveProfile({ ...profile, id: everyone })).toBe(false);
  });

  it('is the new one already when a change is told of', async () => {
    const anna = await person('anna', { profile: { name: 'Anna' } });
    await anna.user.profile();
    const seen: unknown[] = [];
    anna.facebook.on('profile', async ({ id, profile }) => {
      seen.push(profile.properties['name']);
      seen.push((await anna.facebook.loadProfile(id))?.properties['name']);
    });
    await updateProfile(anna.facebook, anna.id, { name: 'Änne' });
    await new Promise(setImmediate);
    expect(seen).toEqual(['Änne', 'Änne']);
  });
});

describe('a profile of a group', () => {
  it('is kept if any known member signed it, else the owner, else the founder', async () => {
    const anna = await person('anna');
    const bob = await person('bob');
    const mallory = await person('mallory');
    await introduce(anna, bob, mallory);
    const { facebook } = mallory;
    const group = await registerGroup(anna.facebook, { name: 'club', members: [bob.id] });
    const signedBy = async (name: string) =>
      signProfile(createProfile(group.id, { name: `as ${name} says` }), await keyOf(name));
    const kept = async () => {
      const results: boolean[] = [];
      for (const name of ['anna', 'bob', 'mallory']) {
        results.push(await facebook.saveProfile(await signedBy(name)));
      }
      return results;
    };
    // nothing is known of the group
    expect(await kept()).toEqual([false, false, false]);
    await facebook.saveMeta(await group.meta(), group.id);
    // its meta tells the founder
    expect(await kept()).toEqual([true, false, false]);
    await facebook.saveMembers(group.id, [anna.id, bob.id]);
    expect(await kept()).toEqual([true, true, false]);
    expect((await facebook.loadProfile(group.id))?.properties).toEqual({ name: 'as bob says' });
    // members are known, the owner is not among them
    await facebook.saveMembers(group.id, [bob.id]);
    expect(await kept()).toEqual([true, true, false]);
  });
});

describe('the members of a group', () => {
  it('are told of with what changed', async () => {
    const anna = await person('anna');
    const bob = await person('bob');
    const carol = await person('carol');
    const told: unknown[] = [];
    const stop = anna.facebook.on('members', ({ added, removed }) =>
      told.push([added.map(({ name }) => name), removed.map(({ name }) => name)]),
    );
    const { id } = await registerGroup(anna.facebook, { name: 'club', members: [bob.id, anna.id, bob.id] });
    expect((await anna.facebook.loadMembers(id))?.map(({ name }) => name)).toEqual(['anna', 'bob']);
    await anna.facebook.saveMembers(id, [carol.id, anna.id]);
    expect(told).toEqual([
      [['anna', 'bob'], []],
      [['carol'], ['bob']],
    ]);
    stop();
    await anna.facebook.forgetMembers(id);
    expect(await anna.facebook.loadMembers(id)).toBeUndefined();
    expect(told).toHaveLength(2);
  });

  it('are unknown of a group whose meta is not here', async () => {
    const anna = await person('anna');
    const bob = await person('bob');
    const { id } = await registerGroup(anna.facebook, { name: 'club' });
    await bob.facebook.saveMembers(id, [anna.id]);
    expect(await bob.facebook.loadMembers(id)).toBeUndefined();
  });
});

describe('keys that others encrypted with', () => {
  it('are kept for a year after they were replaced, unless told', async () => {
    let time = now;
    const facebook = new Facebook({ protocol, clock: () => time });
    const anna = await person('anna', { facebook });
    await facebook.addProfileKey(anna.id, await keyOf('old'));
    await facebook.addProfileKey(anna.id, await keyOf('new'));
    const bobs = (await person('bob')).id;
    expect(await codeOf(facebook.addProfileKey(bobs, await keyOf('old')))).toBe('ERR_USAGE');
    const count = async () => (await facebook.loadUserKeys(anna.id))?.profileKeys.length;
    time += 365 * 86_400;
    expect(await count()).toBe(2);
    time += 1;
    expect(await count()).toBe(1);
  });
});
