import { createInstantMessage, createText } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { defaultProtocol } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import { bytesEncoding, type Database } from '../src/database.js';
import { openStore, type Store } from '../src/index.js';
import { createMemoryDatabase } from '../src/memory.js';
import { newStore } from './kit.js';
import { textOf, until } from './people.js';

const protocol = defaultProtocol();
const user = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', protocol);
const peer = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);
const [chat, other] = [
  { user, peer },
  { user, peer: user },
];
const start = 1_700_000_000;

async function say(store: Store, conversation: typeof chat, texts: readonly string[], time = start) {
  const places = [];
  for (const text of texts) {
    const message = createInstantMessage({ sender: peer, receiver: user, time }, createText(text));
    const kept = { message, direction: 'in', state: 'received', time } as const;
    places.push(await store.conversations.add(conversation, kept));
  }
  return places;
}

async function said(store: Store, conversation: typeof chat): Promise<readonly string[]> {
  return (await store.conversations.list(conversation, { after: 0 })).map(textOf);
}

async function damage(database: Database, key: Uint8Array): Promise<void> {
  const value = Uint8Array.from((await database.get(key, bytesEncoding)) ?? []);
  value[20] = (value[20] as number) ^ 1;
  await database.batch([{ type: 'put', key, value }], { ...bytesEncoding, sync: true });
}

describe('a repair that takes messages away', () => {
  it('leaves right counts, and what was read stays read', async () => {
    const database = createMemoryDatabase();
    const store = await newStore({ database });
    const places = await say(store, chat, ['one', 'two', 'three', 'four', 'five']);
    await say(store, other, ['elsewhere']);
    await store.conversations.markRead(chat, places[1]?.number ?? 0);
    const name = `${user.key} ${peer.key}`;
    for (const index of [0, 3]) {
      await damage(database, store.keys.ordered('message', name, places[index]?.number ?? 0).bytes);
    }
    expect((await store.repair()).removed.map(({ space }) => space)).toEqual(['message', 'message']);
    expect(await store.conversations.loadSummary(chat)).toMatchObject({ count: 3, unread: 2 });
    expect(await store.conversations.loadSummary(other)).toMatchObject({ count: 1, unread: 1 });
    expect(await said(store, chat)).toEqual(['two', 'three', 'five']);
    await store.conversations.remove(places[4] as (typeof places)[0]);
    await say(store, chat, ['six']);
    expect(await store.conversations.loadSummary(chat)).toMatchObject({ count: 3, unread: 2 });
  });
});

describe('retention', () => {
  it('has its way when a store is opened, also where nothing is said any more', async () => {
    const database = createMemoryDatabase();
    const store = await openStore({ database });
    await say(store, chat, ['old', 'older']);
    await say(store, chat, ['new'], start + 1000);
    await store.close();
    const clock = (): number => start + 1050;
    const again = await newStore({ database, clock, retention: { maxAge: 100 } });
    await until(async () => (await said(again, chat)).length === 1);
    expect(await said(again, chat)).toEqual(['new']);
  });

  it('has it again after many messages, in all conversations', async () => {
    let now = start;
    const database = createMemoryDatabase();
    const store = await newStore({ database, clock: () => now, retention: { maxAge: 100 } });
    await say(store, other, ['elsewhere']);
    now += 200;
    const texts = Array.from({ length: 998 }, (_, index) => `message ${index}`);
    await say(store, chat, texts, now);
    expect(await said(store, other)).toEqual(['elsewhere']);
    await say(store, chat, ['the thousandth'], now);
    await until(async () => (await said(store, other)).length === 0);
    expect((await store.conversations.loadSummary(chat))?.count).toBe(999);
  });
});
