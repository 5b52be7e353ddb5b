import { MemoryKeyStore } from '@dimp/core';
import { createText } from '@dimp/dkd';
import { formatMeta, formatProfile } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  attachmentHandler,
  createHandshake,
  createReceipt,
  defaultProcessors,
  Facebook,
  GroupManager,
  MemoryArchive,
  MemoryFileHost,
  MemoryRelay,
  Messenger,
  registerGroup,
  registerUser,
  rotateProfileKey,
  updateProfile,
} from '../src/index.js';
import { keyOf, person } from './kit.js';

/** What callers without a compiler hand over. */
const wrong = <T>(value: unknown): T => value as T;

/** A store as they come: its ports are getters, which a copy of the options would lose. */
class Ports {
  get archive(): MemoryArchive {
    return new MemoryArchive();
  }
  get keyStore(): MemoryKeyStore {
    return new MemoryKeyStore();
  }
  async begin(): Promise<Ports> {
    return this;
  }
}

type Case = readonly [name: string, action: () => unknown, message: RegExp];

/** Calls it, and gives what it threw, now or later. */
async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return undefined;
}

async function expectTold(cases: readonly Case[]): Promise<void> {
  for (const [name, action, message] of cases) {
    const error = await thrownBy(action);
    expect([name, error]).toEqual([name, expect.any(TypeError)]);
    expect((error as Error).message).toMatch(message);
  }
}

describe('what is made of wrong parts', () => {
  it('is not made', async () => {
    const facebook = new Facebook();
    const promise = Promise.resolve(new Ports());
    await expectTold([
      [
        'Facebook of a store',
        () => new Facebook(wrong(new Ports())),
        /^options: .* got a Ports; write new Facebook\(\{ archive: store\.archive \}\)\.$/,
      ],
      [
        'Facebook of a plain store',
        () => new Facebook(wrong({ archive: new MemoryArchive(), begin: () => promise })),
        /^options: .* store\.archive/,
      ],
      [
        'Facebook of a promise',
        () => new Facebook(wrong(promise)),
        /^options: .* got a Promise; await it\.$/,
      ],
      [
        'archive of a store',
        () => new Facebook({ archive: wrong(new Ports()) }),
        /^options\.archive: .* store\.archive/,
      ],
      [
        'Messenger of a store',
        () => new Messenger(wrong(new Ports())),
        /^options: .* write new Messenger\(\{ store \}\)/,
      ],
      [
        'store of a text',
        () => new Messenger({ store: wrong('folder') }),
        /^options\.store: .* got a string; .*openStore/,
      ],
      [
        'store to come',
        () => new Messenger({ store: wrong(promise) }),
        /^options\.store: .* got a Promise; await it\.$/,
      ],
      [
        'attachments of a host',
        () => new Messenger({ attachments: wrong(new MemoryFileHost()) }),
        /^options\.attachments: .* got a MemoryFileHost; attachmentHandler\(host\) makes one/,
      ],
      ['handler without host', () => attachmentHandler(wrong(undefined)), /^host: .* got nothing/],
      [
        'processors not called',
        () => new Messenger({ processors: wrong(defaultProcessors) }),
        /^options\.processors: expected a list, got a function; defaultProcessors\(\)/,
      ],
      ['no messenger', () => new GroupManager(wrong(facebook), wrong({})), /^messenger: .* got a Facebook/],
      [
        'no user',
        () => new GroupManager(new Messenger({ facebook }), wrong('a')),
        /^user: expected an ID, got a string/,
      ],
      ['no way', () => new MemoryRelay().connect(wrong(undefined)), /^user: expected an ID, got nothing/],
      ['way of a text', () => new MemoryRelay().connect(wrong('bob')), /^user: expected an ID, got a string/],
      [
        'no step',
        () => createHandshake(wrong(5)),
        /^step: expected one of start, again, restart, success; got a number/,
      ],
      ['inherited step', () => createHandshake(wrong('toString')), /^step: .* got "toString"/],
      ['no receipt', () => createReceipt(wrong(undefined)), /^message: expected text, got nothing/],
    ]);
  });

  it('is made of the right ones', () => {
    const processors = new Set(defaultProcessors());
    const attachments = attachmentHandler(new MemoryFileHost());
    expect(new Messenger({ processors, attachments })).toBeInstanceOf(Messenger);
    expect(new Messenger({ store: wrong(new Ports()) })).toBeInstanceOf(Messenger);
    const { serialNumber, ...envelope } = { serialNumber: undefined, sender: wrong(0), receiver: wrong(0) };
    const origin = { envelope: { ...envelope, time: 1, sender: { text: 'a' }, receiver: { text: 'b' } } };
    expect(createReceipt('got it', { ...wrong<{ envelope: never }>(origin), serialNumber })).toMatchObject({
      sender: 'a',
      time: 1,
    });
  });
});

describe('what is asked of a Facebook', () => {
  it('is about IDs, metas and profiles', async () => {
    const { facebook, user, id } = await person('alice', { profile: { name: 'Alice' } });
    const meta = await user.meta();
    const profile = await user.profile();
    if (profile === undefined) throw new Error('alice has no profile');
    const calls: Case[] = [
      ['user', () => facebook.user(wrong('a')), /^id: expected an ID, got a string; facebook\.parseID/],
      ['group', () => facebook.group(wrong(user)), /^id: expected an ID, got a User; .* user\.id/],
      ['loadMeta', () => facebook.loadMeta(wrong('a')), /^id: .* got a string/],
      ['saveMeta without ID', () => facebook.saveMeta(meta, wrong(undefined)), /^id: .* got nothing/],
      [
        'saveMeta swapped',
        () => facebook.saveMeta(wrong(id), wrong(meta)),
        /^meta: expected a meta, got another/,
      ],
      [
        'saveMeta without meta',
        () => facebook.saveMeta(wrong(undefined), id),
        /^meta: .* got nothing; parseMeta/,
      ],
      [
        'saveMeta too soon',
        () => facebook.saveMeta(wrong(user.meta()), id),
        /^meta: .* a Promise; await it\.$/,
      ],
      [
        'saveMeta of JSON',
        () => facebook.saveMeta(wrong(formatMeta(meta)), id),
        /^meta: .*; parseMeta\(json/,
      ],
      ['loadProfile', () => facebook.loadProfile(wrong('a')), /^id: .* got a string/],
      ['saveProfile of nothing', () => facebook.saveProfile(wrong(undefined)), /^profile: .* got nothing/],
      [
        'saveProfile of JSON',
        () => facebook.saveProfile(wrong(formatProfile(profile))),
        /^profile: .*; parseProfile/,
      ],
      ['saveProfile for a text', () => facebook.saveProfile(profile, wrong('a')), /^id: .* got a string/],
      ['verifyProfile', () => facebook.verifyProfile(wrong(null), id), /^profile: .* got null/],
      ['loadUserKeys', () => facebook.loadUserKeys(wrong('a')), /^user: .* got a string/],
      ['setCurrentUser', () => facebook.setCurrentUser(wrong('a')), /^id: .* got a string/],
      ['addContact of a text', () => facebook.addContact(id, wrong('bob')), /^contact: .* got a string/],
      ['addContact of users', () => facebook.addContact(wrong(user), wrong(user)), /^user: .* user\.id/],
      ['removeContact', () => facebook.removeContact(id, wrong('bob')), /^contact: .* got a string/],
      ['loadContacts', () => facebook.loadContacts(wrong(user)), /^user: .* got a User/],
      [
        'saveMembers of texts',
        () => facebook.saveMembers(id, wrong(['bob'])),
        /^members: expected an ID, got a string/,
      ],
      ['saveMembers of one', () => facebook.saveMembers(id, wrong(id)), /^members: expected a list of IDs/],
      ['saveAssistants', () => facebook.saveAssistants(id, wrong(['bob'])), /^assistants: .* got a string/],
      ['forgetMembers', () => facebook.forgetMembers(wrong('a')), /^group: .* got a string/],
    ];
    await expectTold(calls);
    expect(await facebook.loadContacts(id)).toEqual([]);
    expect(await facebook.saveProfile(profile)).toBe(true);
  });

  it('is told when properties are none', async () => {
    const { facebook, user, id } = await person('alice', { profile: { name: 'Alice' } });
    const loop: unknown[] = [];
    loop.push(loop, loop);
    const privateKey = await keyOf('bob');
    const register = (profile: unknown) =>
      registerUser(facebook, { name: 'bob', privateKey, profile: wrong(profile) });
    const update = (value: unknown) => updateProfile(facebook, id, { name: 'Eve', more: wrong(value) });
    await expectTold([
      [
        'text',
        () => register('Alice'),
        /^options\.profile: expected an object of properties, got a string; write \{/,
      ],
      ['list', () => register(['Alice']), /^options\.profile: .* got a list/],
      [
        'no Facebook',
        () => registerUser(wrong('a'), { name: 'b' }),
        /^facebook: expected a Facebook, got a string/,
      ],
      ['no user', () => updateProfile(facebook, wrong({ name: 'Eve' }), {}), /^user: .* got another object/],
      ['a user', () => updateProfile(facebook, wrong(user), {}), /^user: .* user\.id/],
      ['nothing', () => updateProfile(facebook, id, wrong(undefined)), /^properties: .* got nothing/],
      [
        'undefined',
        () => update(undefined),
        /^properties\.more: expected a value of JSON, got nothing; null/,
      ],
      ['a date', () => update(new Date()), /^properties\.more: .* got a Date/],
      ['bytes', () => update(Uint8Array.of(1)), /^properties\.more: .* got a Uint8Array/],
      ['a function', () => update(() => 0), /^properties\.more: .* got a function/],
      ['a bigint', () => update(1n), /^properties\.more: .* got a bigint/],
      ['no number', () => update(Number.NaN), /^properties\.more: .* got a number/],
      ['deep inside', () => update({ at: [new Map()] }), /^properties\.more: .* got another object/],
      ['itself', () => update(loop), /^properties\.more: .* got a list/],
      [
        'for a new key',
        () => rotateProfileKey(facebook, id, { properties: wrong('a') }),
        /^options\.properties: /,
      ],
      ['new key of a text', () => rotateProfileKey(facebook, wrong('a')), /^user: .* got a string/],
      ['group', () => registerGroup(facebook, { name: 'g', profile: wrong('G') }), /^options\.profile: /],
      ['members', () => registerGroup(facebook, { name: 'g', members: wrong(['b']) }), /^options\.members: /],
      ['founder', () => registerGroup(facebook, { name: 'g', founder: wrong(user) }), /^options\.founder: /],
    ]);
    expect((await facebook.localUsers()).map(local => local.id.name)).toEqual(['alice']);
    expect((await facebook.loadProfile(id))?.properties['name']).toBe('Alice');
    const nested = Object.assign(Object.create(null), { list: [null, true, 1, 'text', { deep: [] }] });
    await updateProfile(facebook, id, { nested });
    expect((await facebook.loadProfile(id))?.properties['nested']).toEqual({ ...nested });
  });
});

describe('an event that there is none of', () => {
  it('is told with those that there are', async () => {
    const { facebook, messenger, id } = await person('alice');
    const manager = new GroupManager(messenger, id);
    await expectTold([
      [
        'on',
        () => messenger.on(wrong<never>('mesage'), () => 0),
        /^event: .* message, receipt, .*; got "mesage"\.$/,
      ],
      ['once', () => messenger.once(wrong<never>('mesage')), /^event: .* got "mesage"/],
      ['inherited', () => messenger.on(wrong<never>('constructor'), () => 0), /^event: .* got "constructor"/],
      ['no name', () => messenger.on(wrong<never>(undefined), () => 0), /^event: .* got nothing/],
      [
        'of a Facebook',
        () => facebook.on(wrong<never>('metas'), () => 0),
        /^event: .* meta, profile, members; got "metas"/,
      ],
      [
        'invite',
        () => manager.invite(id, wrong(id)),
        /^invited: expected a list of IDs, got another object; write/,
      ],
      ['expel', () => manager.expel(id, wrong('bob')), /^expelled: expected a list of IDs, got a string/],
      ['reset', () => manager.reset(id, wrong(['bob'])), /^list: expected an ID, got a string/],
      ['profile', () => messenger.sendProfile(wrong('bob')), /^receiver: expected an ID, got a string/],
    ]);
  });
});

describe('something unforeseen', () => {
  it('is told by its name and keeps its cause, whose text may quote a secret', async () => {
    const { messenger, id } = await person('alice', {
      processors: [
        () => ({
          kinds: ['*'],
          async process() {
            throw new RangeError('the secret is 42');
          },
        }),
      ],
    });
    const packed = await messenger.packContent(createText('hello'), id);
    const received = await messenger.processPackage(packed);
    expect(received).toMatchObject({
      kind: 'rejected',
      error: {
        code: 'ERR_INTERNAL',
        message: 'Something unforeseen went wrong (RangeError); see the cause.',
        cause: { message: 'the secret is 42' },
      },
    });
  });
});
