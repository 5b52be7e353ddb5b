import { createBtcAddress, createID, type ID, NetworkType } from '@dimp/mkm';
import { defaultProtocol } from '@dimp/sdk';
import { openFolder } from '@dimp/store/folder';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openUserDirectory } from '../src/level-user-directory.js';
import type { UserDirectory } from '../src/user-directory.js';
import { Layer, newFolder, places } from './store-kit.js';

const protocol = defaultProtocol();
const opened: UserDirectory[] = [];

afterEach(async () => {
  for (const users of opened.splice(0)) await users.close();
});

async function open(database: Parameters<typeof openUserDirectory>[0]): Promise<UserDirectory> {
  const users = await openUserDirectory(database, { protocol });
  opened.push(users);
  return users;
}

async function reopen(users: UserDirectory, next: () => Promise<UserDirectory>): Promise<UserDirectory> {
  opened.splice(opened.indexOf(users), 1);
  await users.close();
  return next();
}

/** A user with an address of his own. */
function person(name: string, number = 1): ID {
  const fingerprint = new Uint8Array(20);
  new DataView(fingerprint.buffer).setUint32(0, number);
  return createID({ name, address: createBtcAddress(fingerprint, NetworkType.main) });
}

const hulk = person('Hulk', 1);
const moki = person('moki', 2);
const jane = person('jane', 3);

describe.each(places)('a user directory in $name', place => {
  it('gives back what users left, also after the next start', async () => {
    const next = await place.create();
    let users = await open(await next());
    expect(await users.load(hulk, 'contacts')).toBeUndefined();
    await users.save(hulk, 'contacts', { data: 'a', deep: [{ b: null }] });
    await users.save(hulk, 'mute', { list: [] });
    await users.save(hulk, 'contacts', { data: 'b' });
    users = await reopen(users, async () => open(await next()));
    expect(await users.load(hulk, 'contacts')).toEqual({ data: 'b' });
    expect(await users.load(hulk, 'mute')).toEqual({ list: [] });
    expect(await users.load(moki, 'mute')).toBeUndefined();
  });

  it('remembers who is shut out', async () => {
    const next = await place.create();
    let users = await open(await next());
    await users.setBanned(createID({ ...hulk, terminal: 'phone' }), true);
    await users.setBanned(moki, true);
    await users.setBanned(moki, false);
    expect([users.isBanned(hulk), users.isBanned(moki)]).toEqual([true, false]);
    users = await reopen(users, async () => open(await next()));
    expect([users.isBanned(hulk), users.isBanned(moki)]).toEqual([true, false]);
    expect(users.bannedUsers().map(({ text }) => text)).toEqual([hulk.text]);
  });

  it('counts and finds each user once, also after the next start', async () => {
    const next = await place.create();
    let users = await open(await next());
    await Promise.all([users.add(hulk), users.add(moki), users.add(createID({ ...hulk, terminal: 'x' }))]);
    await users.add(hulk);
    expect(users.userCount).toBe(2);
    users = await reopen(users, async () => open(await next()));
    await users.add(hulk);
    await users.add(jane);
    expect(users.userCount).toBe(3);
    expect((await users.search(['hulk'], 10)).map(({ text }) => text)).toEqual([hulk.text]);
    expect(await users.search(['jane'], 10)).toEqual([jane]);
  });
});

describe('a search', () => {
  async function withPeople(...people: readonly ID[]): Promise<UserDirectory> {
    const users = await open(await openFolder(await newFolder()));
    await Promise.all(people.map(id => users.add(id)));
    return users;
  }

  it('takes any part of an ID, upper and lower case alike', async () => {
    const users = await withPeople(hulk, moki, jane);
    const { text } = hulk.address;
    for (const words of [['HULK'], ['ulk@'], [text], [text.slice(9).toUpperCase()], [text.slice(-2)]]) {
      expect((await users.search(words, 10)).map(({ key }) => key)).toContain(hulk.key);
    }
    expect(await users.search([hulk.text.toLowerCase()], 10)).toEqual([hulk]);
  });

  it('wants all words', async () => {
    const users = await withPeople(hulk, moki, jane);
    const { text } = hulk.address;
    expect(await users.search(['hulk', text.slice(3, 12)], 10)).toEqual([hulk]);
    expect(await users.search(['hulk', 'moki'], 10)).toEqual([]);
    expect(await users.search(['hulk', ''], 10)).toEqual([hulk]);
  });

  it('without words, or for nobody, finds nobody', async () => {
    const users = await withPeople(hulk);
    for (const words of [[], [''], ['x'.repeat(2000)], ['\ud800'], ['\u0000']]) {
      expect(await users.search(words, 10)).toEqual([]);
    }
    expect(await users.search(['hulk'], 0)).toEqual([]);
  });

  it('knows letters of other scripts, and names that are long', async () => {
    const müller = person('Müller王', 4);
    const long = person(`${'x'.repeat(200)}end`, 5);
    const users = await withPeople(müller, long);
    expect(await users.search(['MÜLLER王'], 10)).toEqual([müller]);
    expect(await users.search(['王@'], 10)).toEqual([müller]);
    expect(await users.search([long.address.text], 10)).toEqual([long]);
    expect(await users.search([long.name], 10)).toEqual([long]);
  });

  it('ends at the limit', async () => {
    const users = await withPeople(...Array.from({ length: 30 }, (_, number) => person('crowd', number)));
    expect(await users.search(['crowd'], 7)).toHaveLength(7);
    expect(new Set((await users.search(['crowd'], 100)).map(({ key }) => key)).size).toBe(30);
  });
});

describe('block lists', () => {
  it('are those left last, whatever the terminals', async () => {
    const users = await open({ database: await openLayer() });
    expect(await users.isBlocked(hulk, moki)).toBe(false);
    await users.save(hulk, 'block', { list: [`${moki.text}/phone`, jane.address.text, 7, null] });
    expect(await users.isBlocked(hulk, moki)).toBe(true);
    expect(await users.isBlocked(hulk, createID({ address: jane.address }))).toBe(true);
    expect(await users.isBlocked(hulk, jane)).toBe(false);
    expect(await users.isBlocked(moki, hulk)).toBe(false);
    await users.save(hulk, 'block', { list: [] });
    expect(await users.isBlocked(hulk, moki)).toBe(false);
    await users.save(hulk, 'block', {});
    expect(await users.isBlocked(hulk, moki)).toBe(false);
  });

  it('are read from disk once, and again when they gave way to others', async () => {
    const layer = await openLayer();
    const users = await open({ database: layer });
    await users.save(hulk, 'block', { list: [moki.text] });
    layer.readFails = true;
    expect(await users.isBlocked(hulk, moki)).toBe(true);
    await expect(users.isBlocked(moki, hulk)).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
    const many = Array.from({ length: 100_000 }, (_, number) => `user${number}@anywhere`);
    await users.save(moki, 'block', { list: many });
    await users.save(jane, 'block', { list: many });
    await expect(users.isBlocked(hulk, moki)).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
    layer.readFails = false;
    expect(await Promise.all([users.isBlocked(hulk, moki), users.isBlocked(hulk, moki)])).toEqual([
      true,
      true,
    ]);
  });

  it('that come while the one before is read count', async () => {
    const layer = await openLayer({ getSync: false });
    const users = await open({ database: layer });
    const [before] = await Promise.all([
      users.isBlocked(hulk, moki),
      users.save(hulk, 'block', { list: [moki.text] }),
    ]);
    expect(typeof before).toBe('boolean');
    expect(await users.isBlocked(hulk, moki)).toBe(true);
  });
});

describe('a disk that fails', () => {
  it('is told, and nothing of it is remembered', async () => {
    const layer = await openLayer();
    const users = await open({ database: layer });
    layer.fails = 'before';
    for (const attempt of [
      () => users.save(hulk, 'block', { list: [moki.text] }),
      () => users.setBanned(hulk, true),
      () => users.add(hulk),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'ERR_STATION_STORAGE' });
    }
    expect(users.isBanned(hulk)).toBe(false);
    expect(await users.isBlocked(hulk, moki)).toBe(false);
    expect(users.userCount).toBe(0);
  });
});

async function openLayer(supports?: object): Promise<Layer> {
  const layer = new Layer(supports);
  await layer.open();
  return layer;
}

describe('the newest users', () => {
  it('come first, as many as are wanted, also after the next start', async () => {
    const next = await (places[0] as (typeof places)[number]).create();
    let users = await open(await next());
    expect(await users.newest(10)).toEqual([]);
    for (const user of [hulk, moki, jane]) await users.add(user);
    expect(await users.newest(2)).toEqual([jane, moki]);
    users = await reopen(users, async () => open(await next()));
    expect(await users.newest(10)).toEqual([jane, moki, hulk]);
  });
});
