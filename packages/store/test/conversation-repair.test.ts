import { createInstantMessage, createText } from '@dimp/dkd';
import { everyone, type ID, parseID } from '@dimp/mkm';
import { type Conversation, conversationName, defaultProtocol, Facebook, type Retention } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { describe, expect, it } from '@jest/globals';
import { bytesEncoding, type Database } from '../src/database.js';
import { conversationsPart, exportAccount, importAccount } from '../src/index.js';
import { createMemoryDatabase } from '../src/memory.js';
import type { OpenedStore } from '../src/opened-store.js';
import type { RecordKey } from '../src/record-key.js';
import { cheap, codeOf, memoryStore, newStore, Recorder } from './kit.js';
import { textOf } from './people.js';

const protocol = defaultProtocol();
const hulk = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', protocol);
const moki = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);
const withMoki = { user: hulk, peer: moki };
const withAll = { user: hulk, peer: everyone };
const now = 1_700_000_000;

interface Said {
  readonly direction?: 'in' | 'out';
  readonly sender?: ID;
  readonly receiver?: ID;
}

/** Adds messages `text 0`, `text 1`, … at the same time. */
async function say(
  { conversations }: OpenedStore,
  conversation: Conversation,
  count: number,
  { direction = 'in', sender = moki, receiver = hulk }: Said = {},
): Promise<readonly number[]> {
  const group = conversation.peer === everyone ? { group: everyone } : {};
  const places = Array.from({ length: count }, (_, index) =>
    conversations.add(conversation, {
      message: createInstantMessage(
        { sender, receiver, time: now },
        createText(`text ${index}`, { ...group, serialNumber: index + 1 }),
      ),
      direction,
      state: direction === 'in' ? 'received' : 'sent',
      time: now + index,
    }),
  );
  return (await Promise.all(places)).map(({ number }) => number);
}

async function said({ conversations }: OpenedStore, conversation: Conversation): Promise<readonly string[]> {
  return (await conversations.list(conversation, { after: 0, limit: 1000 })).map(textOf);
}

/** Everything a user sees at a glance: who, how many, how many unread. */
async function glance({ conversations }: OpenedStore): Promise<readonly unknown[]> {
  const summaries = await conversations.listSummaries(hulk);
  return summaries.map(({ peer, count, unread }) => [peer.text, count, unread]);
}

async function damage(database: Database, key: Uint8Array): Promise<void> {
  const value = Uint8Array.from((await database.get(key, bytesEncoding)) ?? []);
  value[20] = (value[20] as number) ^ 1;
  await database.batch([{ type: 'put', key, value }], { ...bytesEncoding, sync: true });
}

/** Damages records of a store, and opens it again: in memory they were good. */
async function reopenDamaged(
  store: OpenedStore,
  database: Database,
  keys: readonly RecordKey[],
  retention: Retention = {},
): Promise<OpenedStore> {
  await store.close();
  await database.open();
  for (const { bytes } of keys) await damage(database, bytes);
  return newStore({ database, retention });
}

/** A store whose conversation with moki has a damaged record, and two that are whole. */
async function damaged(retention: Retention = {}) {
  const database = createMemoryDatabase();
  const store = await newStore({ database });
  await installTestUsers(new Facebook({ archive: store.archive }));
  const numbers = await say(store, withMoki, 5);
  await say(store, { user: hulk, peer: hulk }, 1, { sender: hulk });
  await say(store, { user: moki, peer: hulk }, 2, { sender: hulk, receiver: moki });
  const again = await reopenDamaged(store, database, [recordKey(store, withMoki)], retention);
  return { store: again, database, numbers };
}

function recordKey({ keys }: OpenedStore, { user, peer }: Conversation): RecordKey {
  return keys.member('conversation', user.key, peer.key);
}

function messageKey({ keys }: OpenedStore, conversation: Conversation, number = 0): RecordKey {
  return keys.ordered('message', conversationName(conversation), number);
}

const texts = ['text 0', 'text 1', 'text 2', 'text 3', 'text 4'];

describe('a conversation whose record is damaged', () => {
  it('is made anew by a repair, from its messages', async () => {
    const { store } = await damaged();
    expect((await store.repair()).removed.map(({ space }) => space)).toEqual(['conversation']);
    expect((await store.verify()).isGood).toBe(true);
    expect(await glance(store)).toEqual([
      [moki.text, 5, 0],
      [hulk.text, 1, 1],
    ]);
    expect((await store.verify()).records.get('conversation')).toBe(3);
    await say(store, withMoki, 1);
    expect(await said(store, withMoki)).toEqual([...texts, 'text 0']);
    expect(await store.conversations.loadSummary(withMoki)).toMatchObject({ count: 6, unread: 1 });
  });

  it('stands among the others before that, as its messages do', async () => {
    const { store } = await damaged();
    expect(await glance(store)).toEqual([
      [moki.text, 5, 0],
      [hulk.text, 1, 1],
    ]);
    expect(await said(store, withMoki)).toEqual(texts);
    expect(await codeOf(() => store.conversations.loadSummary(withMoki))).toBe('ERR_STORE_DAMAGED');
  });

  it('goes into a backup with its messages, repaired or not', async () => {
    for (const isRepaired of [false, true]) {
      const { store } = await damaged();
      if (isRepaired) await store.repair();
      const parts = [conversationsPart(store)];
      const text = await exportAccount(store, hulk, 'passphrase', { parts, cost: cheap });
      const target = await memoryStore();
      await importAccount(text, 'passphrase', target, { parts: [conversationsPart(target)] });
      expect(await said(target, withMoki)).toEqual(texts);
    }
  });

  it('is bounded again after the repair', async () => {
    const { store } = await damaged({ maxMessages: 2 });
    await store.repair();
    await store.conversations.sweep();
    expect(await said(store, withMoki)).toEqual(['text 3', 'text 4']);
    expect((await glance(store))[0]).toEqual([moki.text, 2, 0]);
  });

  it('is found also when its first messages are damaged with it', async () => {
    const { store, database, numbers } = await damaged();
    for (const number of numbers.slice(0, 2))
      await damage(database, messageKey(store, withMoki, number).bytes);
    expect((await glance(store))[0]).toEqual([moki.text, 5, 0]);
    expect((await store.repair()).removed).toHaveLength(3);
    expect((await glance(store))[0]).toEqual([moki.text, 3, 0]);
  });

  it.each<[string, Conversation, Said]>([
    ['what was sent', withMoki, { direction: 'out', sender: hulk, receiver: moki }],
    ['what was sent to a group', withAll, { direction: 'out', sender: hulk, receiver: everyone }],
    ['what came from a group to its member', withAll, { sender: moki, receiver: hulk }],
    ['what came to a group as a whole', withAll, { sender: moki, receiver: everyone }],
  ])('is found by %s', async (_, conversation, how) => {
    const database = createMemoryDatabase();
    const store = await newStore({ database });
    await installTestUsers(new Facebook({ archive: store.archive }));
    await say(store, conversation, 3, how);
    const again = await reopenDamaged(store, database, [recordKey(store, conversation)]);
    await again.repair();
    expect(await glance(again)).toEqual([[conversation.peer.text, 3, 0]]);
  });

  it('is left alone when its messages do not tell whose it is', async () => {
    const database = createMemoryDatabase();
    const store = await newStore({ database });
    await say(store, withMoki, 2);
    await say(store, withAll, 2, { sender: moki, receiver: everyone });
    const keys = [withMoki, withAll].map(conversation => recordKey(store, conversation));
    const again = await reopenDamaged(store, database, keys);
    expect((await again.repair()).removed).toHaveLength(2);
    expect(await glance(again)).toEqual([[moki.text, 2, 0]]);
    // whoever names it finds it
    expect(await again.conversations.loadSummary(withAll)).toMatchObject({ count: 2 });
  });

  it('is no reason to stop at a key that no message has', async () => {
    const { store, database } = await damaged();
    const keys = [Uint8Array.of(0x31, 0), Uint8Array.of(0x31, ...new Uint8Array(24).fill(0xff))];
    await database.batch(
      keys.map(key => ({ type: 'put', key, value: key })),
      { ...bytesEncoding, sync: true },
    );
    expect((await glance(store))[0]).toEqual([moki.text, 5, 0]);
  });

  it('can be removed', async () => {
    const { store } = await damaged();
    await store.conversations.removeAll(withMoki);
    expect(await glance(store)).toEqual([[hulk.text, 1, 1]]);
    expect((await store.verify()).isGood).toBe(true);
  });
});

describe('removing a long conversation', () => {
  it('leaves right counts when it fails on the way, and goes on later', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder });
    const numbers = await say(store, withMoki, 600);
    await store.conversations.markRead(withMoki, numbers[99] as number);
    recorder.endings = ['pass', new Error('bus error')];
    expect(await codeOf(() => store.conversations.removeAll(withMoki))).toBe('ERR_STORE_WRITE');
    const left = await store.conversations.list(withMoki, { after: 0, limit: 1000 });
    expect(left).toHaveLength(344);
    expect(await glance(store)).toEqual([[moki.text, 344, 344]]);
    expect((await store.conversations.search(withMoki, 'text 599')).map(textOf)).toEqual(['text 599']);
    expect(await store.conversations.search(withMoki, 'text 3')).toEqual([]);
    await store.conversations.removeAll(withMoki);
    expect(await glance(store)).toEqual([]);
    expect([...(await store.verify()).records.keys()]).toEqual([]);
  });

  it('counts damaged messages among those that are gone', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder });
    const numbers = await say(store, withMoki, 600);
    await damage(recorder, messageKey(store, withMoki, numbers[3]).bytes);
    recorder.endings = ['pass', new Error('bus error')];
    expect(await codeOf(() => store.conversations.removeAll(withMoki))).toBe('ERR_STORE_WRITE');
    expect(await store.conversations.loadSummary(withMoki)).toMatchObject({ count: 344 });
  });

  it('does without a record that is damaged', async () => {
    const database = createMemoryDatabase();
    const store = await newStore({ database });
    await say(store, withMoki, 600);
    const again = await reopenDamaged(store, database, [recordKey(store, withMoki)]);
    await again.conversations.removeAll(withMoki);
    expect(await said(again, withMoki)).toEqual([]);
    expect((await again.verify()).isGood).toBe(true);
  });
});

describe('retention', () => {
  it('counts damaged messages among those that are gone', async () => {
    const database = createMemoryDatabase();
    const store = await newStore({ database, retention: { maxMessages: 4 } });
    const [first] = await say(store, withMoki, 4);
    await damage(database, messageKey(store, withMoki, first).bytes);
    await say(store, withMoki, 1);
    expect(await said(store, withMoki)).toEqual(['text 1', 'text 2', 'text 3', 'text 0']);
    expect(await glance(store)).toEqual([[moki.text, 4, 4]]);
  });
});
