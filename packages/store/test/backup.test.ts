import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Protection } from '@dimp/core';
import { exportKey, parsePrivateKey } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { createInstantMessage, createText, formatInstantMessage } from '@dimp/dkd';
import { createProfile, type ID, signProfile } from '@dimp/mkm';
import {
  type Archive,
  defaultProtocol,
  Facebook,
  type KeptMessage,
  registerGroup,
  registerUser,
  rotateProfileKey,
  type UserKeys,
  updateProfile,
} from '@dimp/sdk';
import { installTestUsers, testUsers } from '@dimp/sdk/test-users';
import { describe, expect, it } from '@jest/globals';
import { sealBackup } from '../src/backup-text.js';
import {
  type BackupPart,
  conversationsPart,
  exportAccount,
  importAccount,
  openStore,
  type Store,
} from '../src/index.js';
import { cheap, codeOf, memoryStore, newFolder } from './kit.js';

const passphrase = 'correct horse battery staple';
const now = 1_700_000_000;

/** hulk in a store, with moki as contact, a group of both, a profile key and a retired one, and a name for moki. */
async function hulkStore(): Promise<{ store: Store; facebook: Facebook; hulk: ID; moki: ID; group: ID }> {
  const store = await memoryStore();
  const facebook = new Facebook({ archive: store.archive, clock: () => now });
  const [hulk, moki] = await installTestUsers(facebook);
  await rotateProfileKey(facebook, hulk, { bits: 1024 });
  await rotateProfileKey(facebook, hulk, { bits: 1024 });
  const group = (
    await registerGroup(facebook, { name: 'friends', members: [moki], profile: { name: 'Friends' } })
  ).id;
  await store.archive.saveAssistants(group, [moki]);
  await store.archive.saveName('monkey', moki);
  return { store, facebook, hulk, moki, group };
}

const options = { cost: cheap, clock: () => now };

describe('a backup', () => {
  it('gives the same user in another store, in one unit', async () => {
    const { store, hulk, moki, group } = await hulkStore();
    const text = await exportAccount(store, hulk, passphrase, options);
    const folder = await newFolder();
    const other = await openStore({ location: folder, passphrase: 'another', cost: cheap });
    const imported = await importAccount(text, passphrase, other);
    expect(imported).toMatchObject({ time: now, refused: [], leftOut: [] });
    expect(imported.groups.map(({ text }) => text)).toEqual([group.text]);
    await other.close();

    const { archive } = await openStore({ location: folder, passphrase: 'another' });
    const facebook = new Facebook({ archive, clock: () => now });
    expect((await facebook.currentUser()).id.text).toBe(hulk.text);
    expect(textsOf(await archive.loadLocalUsers())).toEqual([hulk.text]);
    expect(await keysOf(archive, hulk)).toEqual(await keysOf(store.archive, hulk));
    expect((await keysOf(archive, hulk)).profileKeys).toHaveLength(2);
    expect((await archive.loadProfile(hulk))?.data).toBe((await store.archive.loadProfile(hulk))?.data);
    expect((await archive.loadProfile(moki))?.data).toBe((await store.archive.loadProfile(moki))?.data);
    expect((await archive.loadMeta(moki))?.json).toEqual((await store.archive.loadMeta(moki))?.json);
    expect(textsOf(await archive.loadContacts(hulk))).toEqual([moki.text]);
    expect(textsOf((await archive.loadMembers(group)) ?? [])).toEqual([hulk.text, moki.text]);
    expect(textsOf(await archive.loadAssistants(group))).toEqual([moki.text]);
    expect((await archive.loadProfile(group))?.properties).toEqual({ name: 'Friends' });
    expect((await archive.loadNames()).get('monkey')?.text).toBe(moki.text);
    // moki's keys are another account's
    expect(await archive.loadUserKeys(moki)).toBeUndefined();
  });

  it('goes from one Facebook to another as well, with groups that are named', async () => {
    const { facebook, hulk, group } = await hulkStore();
    const memory = new Facebook();
    for (const id of [hulk, group]) await memory.saveMeta(present(await facebook.loadMeta(id)), id);
    const keys = present(await facebook.loadUserKeys(hulk));
    await memory.addLocalUser(hulk, present(await facebook.loadMeta(hulk)), keys);
    await memory.saveMembers(group, [hulk]);

    const without = await importAccount(
      await exportAccount(memory, hulk, passphrase, options),
      passphrase,
      new Facebook(),
    );
    expect(without.groups).toEqual([]);
    const target = new Facebook();
    const text = await exportAccount(memory, hulk, passphrase, { ...options, groups: [group] });
    expect(textsOf((await importAccount(text, passphrase, target)).groups)).toEqual([group.text]);
    expect(textsOf(present(await target.loadMembers(group)))).toEqual([hulk.text]);
  });

  it('is lines of ASCII that people can recognise, and shows nothing of what is inside', async () => {
    const { store, hulk } = await hulkStore();
    const text = await exportAccount(store, hulk, passphrase, options);
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe('-----BEGIN DIMP ACCOUNT BACKUP-----');
    expect(lines.at(-1)).toBe('-----END DIMP ACCOUNT BACKUP-----');
    expect(lines.every(line => /^[ -~]{0,76}$/.test(line))).toBe(true);
    expect(text).not.toContain('hulk');
    expect(text).not.toContain(hulk.address.text);
    expect(await exportAccount(store, hulk, passphrase, options)).not.toBe(text);
  });

  it('is read from the middle of a mail', async () => {
    const { store, hulk } = await hulkStore();
    const text = await exportAccount(store, hulk, passphrase, options);
    const mail = `Hello,\r\n\r\n${text.replaceAll('\n', ' \r\n  ')}\r\n-- \r\nme`;
    expect((await importAccount(mail, passphrase, await memoryStore())).user.text).toBe(hulk.text);
  });

  it('carries what other parts put in', async () => {
    const { store, hulk } = await hulkStore();
    const restored: unknown[] = [];
    const notes: BackupPart = {
      name: 'notes',
      save: async user => ({ of: user.text, all: ['a', 'b'] }),
      restore: async (user, value) => void restored.push([user.text, value]),
    };
    const text = await exportAccount(store, hulk, passphrase, { ...options, parts: [notes] });
    expect((await importAccount(text, passphrase, await memoryStore())).leftOut).toEqual(['notes']);
    expect(restored).toEqual([]);
    await importAccount(text, passphrase, await memoryStore(), { parts: [notes] });
    expect(restored).toEqual([[hulk.text, { of: hulk.text, all: ['a', 'b'] }]]);
  });

  it('keeps contacts whose meta never came', async () => {
    const { store, facebook, hulk, moki } = await hulkStore();
    const stranger = await registerUser(new Facebook(), { name: 'stranger', algorithm: 'ECC', bits: 1024 });
    await facebook.addContact(hulk, stranger.id);
    const target = await memoryStore();
    await importAccount(await exportAccount(store, hulk, passphrase, options), passphrase, target);
    expect(textsOf(await target.archive.loadContacts(hulk))).toEqual([moki.text, stranger.id.text]);
    expect(await target.archive.loadMeta(stranger.id)).toBeUndefined();
  });

  it('is of local users only, and wants a passphrase', async () => {
    const { store, hulk, group } = await hulkStore();
    expect(await codeOf(() => exportAccount(store, group, passphrase, options))).toBe('ERR_USAGE');
    expect(await codeOf(() => exportAccount(store, hulk, '', options))).toBe('ERR_USAGE');
  });
});

describe('conversations in a backup', () => {
  it('come back in their order, with states, receipts and what was read; and not twice', async () => {
    const { store, hulk, moki } = await hulkStore();
    const { conversations } = store;
    const conversation = { user: hulk, peer: moki };
    for (let number = 0; number < 450; number++) {
      const isMine = number % 3 === 0;
      const envelope = { sender: isMine ? hulk : moki, receiver: isMine ? moki : hulk, time: now + number };
      const message = createInstantMessage(envelope, createText(`text ${number}`));
      const state = number === 447 ? 'queued' : isMine ? 'sent' : 'received';
      await conversations.add(conversation, {
        message,
        direction: isMine ? 'out' : 'in',
        state,
        time: now + number,
        ...(!isMine && { labels }),
      });
      if (number === 448) await conversations.markRead(conversation);
    }
    const [first] = await conversations.list(conversation, { after: 0, limit: 1 });
    const oldest = present(first?.message.content.serialNumber);
    const [place] = await conversations.findSent(hulk, oldest);
    const receipt = { sender: moki, time: now, text: 'read' };
    await conversations.update(present(place), { state: 'received', receipt });
    const before = await conversations.list(conversation, { after: 0, limit: 1000 });

    const parts = [conversationsPart(store)];
    const text = await exportAccount(store, hulk, passphrase, { ...options, parts });
    const target = await memoryStore();
    for (let time = 0; time < 2; time++) {
      const { leftOut } = await importAccount(text, passphrase, target, {
        parts: [conversationsPart(target)],
      });
      expect(leftOut).toEqual([]);
      const after = await target.conversations.list(conversation, { after: 0, limit: 1000 });
      expect(after.map(plain)).toEqual(
        before.map(message =>
          message.state === 'queued' ? { ...plain(message), state: 'failed' } : plain(message),
        ),
      );
      expect(after[447]?.failure?.code).toBe('ERR_TRANSPORT');
      expect((await target.conversations.loadSummary(conversation))?.unread).toBe(1);
    }
  });
});

describe('importing where the user acts already', () => {
  it('keeps what is newer here, and adds keys that only the backup has as retired ones', async () => {
    const { store, facebook, hulk, moki, group } = await hulkStore();
    const text = await exportAccount(store, hulk, passphrase, options);
    const target = await memoryStore();
    const there = new Facebook({ archive: target.archive });
    await installTestUsers(there);
    await rotateProfileKey(there, hulk, { bits: 1024, properties: { name: 'Newer' } });
    await there.saveMembers(group, [hulk]);
    const before = present(await there.loadUserKeys(hulk));

    await importAccount(text, passphrase, target);
    await importAccount(text, passphrase, target);
    const after = await keysOf(target.archive, hulk);
    expect(after.profileKeys[0]).toEqual({
      key: exportKey(present(before.profileKeys[0]).key),
      retired: undefined,
    });
    const [current, old] = present(await facebook.loadUserKeys(hulk)).profileKeys;
    expect(after.profileKeys.slice(1)).toEqual([
      { key: exportKey(present(current).key), retired: now },
      { key: exportKey(present(old).key), retired: old?.retired },
    ]);
    expect((await target.archive.loadProfile(hulk))?.properties['name']).toBe('Newer');
    expect(textsOf(present(await target.archive.loadMembers(group)))).toEqual([hulk.text]);
    expect(textsOf(await target.archive.loadContacts(hulk))).toEqual([moki.text]);
    expect(textsOf(await target.archive.loadLocalUsers())).toEqual([hulk.text, moki.text]);
  });

  it('replaces the profile of a user who was only known here', async () => {
    const { store, hulk } = await hulkStore();
    const target = await memoryStore();
    const there = new Facebook({ archive: target.archive });
    const keys = parsePrivateKey(testUsers.hulk.privateKey, there.protocol, 'test');
    await there.saveMeta(present(await store.archive.loadMeta(hulk)), hulk);
    await there.saveProfile(await signProfile(createProfile(hulk, { name: 'Old' }), keys), hulk);
    await importAccount(await exportAccount(store, hulk, passphrase, options), passphrase, target);
    expect((await target.archive.loadProfile(hulk))?.properties['key']).toBeDefined();
  });
});

describe('a backup that cannot be used is told by its code', () => {
  const flip = (text: string, at: number): string => {
    const letter = text[at] === 'A' ? 'B' : 'A';
    return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
  };

  it('another passphrase', async () => {
    const { store, hulk } = await hulkStore();
    const text = await exportAccount(store, hulk, passphrase, options);
    const target = await memoryStore();
    expect(await codeOf(() => importAccount(text, 'Correct horse', target))).toBe('ERR_BACKUP_PASSPHRASE');
    expect(await target.archive.loadLocalUsers()).toEqual([]);
  });

  it('no backup', async () => {
    const target = await memoryStore();
    for (const text of ['', 'hello', '-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----']) {
      expect(await codeOf(() => importAccount(text, passphrase, target))).toBe('ERR_BACKUP_FORMAT');
    }
  });

  it('damage anywhere, before the passphrase is even tried', async () => {
    const { store, hulk } = await hulkStore();
    const text = await exportAccount(store, hulk, passphrase, options);
    const lines = text.split('\n');
    const body = text.indexOf('\n\n') + 2;
    const broken = [
      text.slice(0, text.length / 2),
      text.slice(0, body - 1),
      flip(text, body),
      flip(text, body + 5000),
      flip(text, text.lastIndexOf('\n-----END') - 5),
      text.replace(/^Scrypt: .*$/m, 'Scrypt: N=4 r=1 p=1'),
      text.replace(/^Scrypt: .*$/m, 'Scrypt: N=3 r=1 p=1'),
      text.replace(/^Scrypt: .*$/m, 'Scrypt: N=1073741824 r=8 p=1'),
      text.replace(/^Salt: ./m, letter => (letter.endsWith('A') ? 'Salt: B' : 'Salt: A')),
      text.replace(/^Salt: .*$/m, 'Salt: !'),
      text.replace(/^Checksum: .*\n/m, ''),
      text.replace(/^Version: 1$/m, 'Version: one'),
      [...lines.slice(0, 20), ...lines.slice(21)].join('\n'),
      [...lines.slice(0, 20), lines[21], lines[20], ...lines.slice(22)].join('\n'),
    ];
    const target = await memoryStore();
    for (const text of broken) {
      expect(await codeOf(() => importAccount(text, 'not even the passphrase', target))).toBe(
        'ERR_BACKUP_DAMAGED',
      );
    }
  });

  it('a newer version', async () => {
    const { store, hulk } = await hulkStore();
    const text = (await exportAccount(store, hulk, passphrase, options)).replace('Version: 1', 'Version: 2');
    const failing = importAccount(text, passphrase, await memoryStore());
    await expect(failing).rejects.toMatchObject({ code: 'ERR_BACKUP_NEWER', found: 2, known: 1 });
  });

  it('content that is none, or keys of somebody else; nothing is changed then', async () => {
    const { store, hulk, moki } = await hulkStore();
    const { archive } = store;
    const mixed = new Facebook();
    await installTestUsers(mixed);
    await mixed.archive.saveUserKeys(hulk, present(await archive.loadUserKeys(moki)));
    const texts = [
      await sealBackup(encodeUtf8('hello'), passphrase, cheap),
      await sealBackup(encodeUtf8('{"user":1}'), passphrase, cheap),
      await exportAccount(mixed, hulk, passphrase, options),
    ];
    for (const target of [await memoryStore(), new Facebook()]) {
      for (const text of texts) {
        expect(await codeOf(() => importAccount(text, passphrase, target))).toBe('ERR_BACKUP_CONTENT');
      }
      expect(await target.archive.loadMeta(hulk)).toBeUndefined();
      expect(await target.archive.loadMeta(moki)).toBeUndefined();
    }
  });

  it('refuses forged profiles and metas of others, and takes the rest', async () => {
    const { store, facebook, hulk, moki } = await hulkStore();
    const keys = present(await store.archive.loadUserKeys(hulk));
    const forged = await signProfile(createProfile(moki, { name: 'Forged' }), keys.metaKey);
    await store.archive.saveProfile(moki, forged as never);
    const target = await memoryStore();
    const text = await exportAccount(facebook, hulk, passphrase, options);
    expect((await importAccount(text, passphrase, target)).refused).toEqual([moki.text]);
    expect(await target.archive.loadProfile(moki)).toBeUndefined();
    expect(await target.archive.loadMeta(moki)).toBeDefined();
    expect(textsOf(await target.archive.loadLocalUsers())).toEqual([hulk.text]);
  });
});

describe('version 1', () => {
  it('stays importable', async () => {
    const text = await readFile(join(import.meta.dirname, 'fixtures/backup-1.txt'), 'utf8');
    const target = await memoryStore();
    const { user, time, contacts, groups } = await importAccount(text, passphrase, target);
    expect({ user: user.text, time, contacts: textsOf(contacts), groups: groups.length }).toEqual({
      user: testUsers.hulk.id,
      time: now,
      contacts: [testUsers.moki.id],
      groups: 1,
    });
    const keys = await keysOf(target.archive, user);
    expect(keys.metaKey).toEqual(testUsers.hulk.privateKey);
    expect(keys.profileKeys.map(({ retired }) => retired)).toEqual([undefined, now]);
    await updateProfile(new Facebook({ archive: target.archive }), user, { name: 'still signs' });
  });
});

const labels: Protection = {} as Protection;

/** What a message says, without its number, and without its failure, which importing may add. */
function plain({ message, number: _, failure: __, ...others }: KeptMessage): object {
  return { ...others, message: formatInstantMessage(message, defaultProtocol()) };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value');
  return value;
}

function textsOf(ids: readonly ID[]): readonly string[] {
  return ids.map(({ text }) => text);
}

interface PlainKeys {
  readonly metaKey: unknown;
  readonly profileKeys: readonly { readonly key: unknown; readonly retired: number | undefined }[];
}

async function keysOf(archive: Archive, user: ID): Promise<PlainKeys> {
  const keys = (await archive.loadUserKeys(user)) as UserKeys;
  return {
    metaKey: exportKey(keys.metaKey),
    profileKeys: keys.profileKeys.map(({ key, retired }) => ({ key: exportKey(key), retired })),
  };
}
