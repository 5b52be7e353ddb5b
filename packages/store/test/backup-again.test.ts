import { createInstantMessage, createText } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { defaultProtocol, Facebook, type NewMessage } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { describe, expect, it } from '@jest/globals';
import { conversationsPart, exportAccount, importAccount } from '../src/index.js';
import type { OpenedStore } from '../src/opened-store.js';
import { cheap, codeOf, memoryStore, newStore, Recorder } from './kit.js';
import { textOf } from './people.js';

const protocol = defaultProtocol();
const hulk = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', protocol);
const moki = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);
const chat = { user: hulk, peer: moki };
const now = 1_700_000_000;
const passphrase = 'correct horse battery staple';

function received(number: number): NewMessage {
  const envelope = { sender: moki, receiver: hulk, time: now + number };
  const message = createInstantMessage(envelope, createText(`text ${number}`, { serialNumber: number + 1 }));
  return { message, direction: 'in', state: 'received', time: now + number };
}

function sent(number: number): NewMessage {
  const envelope = { sender: hulk, receiver: moki, time: now + number };
  const message = createInstantMessage(envelope, createText(`text ${number}`, { serialNumber: number + 1 }));
  return { message, direction: 'out', state: 'sent', time: now + number };
}

/** The backup of a user with these messages, read up to one of them. */
async function backupOf(messages: readonly NewMessage[], unread = 0): Promise<string> {
  const store = await memoryStore();
  await installTestUsers(new Facebook({ archive: store.archive }));
  const { conversations } = store;
  const places = await Promise.all(messages.map(message => conversations.add(chat, message)));
  await conversations.markRead(chat, places.at(-1 - unread)?.number ?? 0);
  for (const place of places) {
    const kept = await conversations.load(place);
    if (kept?.direction !== 'out') continue;
    for (const text of ['it came', 'it was read']) {
      await conversations.update(place, { state: 'received', receipt: { sender: moki, time: now, text } });
    }
  }
  const parts = [conversationsPart(store)];
  return exportAccount(store, hulk, passphrase, { parts, cost: cheap, clock: () => now });
}

function importInto(store: OpenedStore, text: string): Promise<unknown> {
  return importAccount(text, passphrase, store, { parts: [conversationsPart(store)] });
}

async function countsIn({ conversations }: OpenedStore): Promise<unknown> {
  const { count, unread } = (await conversations.loadSummary(chat)) ?? {};
  return { count, unread };
}

/** A store into which an import failed when this many batches of it were on disk. */
async function interrupted(text: string, batches: number): Promise<OpenedStore> {
  const recorder = new Recorder();
  const store = await newStore({ database: recorder });
  recorder.endings = [...Array<'pass'>(batches).fill('pass'), new Error('bus error')];
  expect(await codeOf(() => importInto(store, text))).toBe('ERR_STORE_WRITE');
  return store;
}

describe('an import that failed and is done again', () => {
  const many = Array.from({ length: 600 }, (_, number) => received(number));

  it('brings what was read as read', async () => {
    const text = await backupOf(many, 7);
    for (const batches of [3, 5, 7]) {
      const store = await interrupted(text, batches);
      const { count } = (await store.conversations.loadSummary(chat)) ?? { count: 0 };
      expect(count).toBeLessThan(600);
      await importInto(store, text);
      expect(await countsIn(store)).toEqual({ count: 600, unread: 7 });
    }
  });

  it('brings the receipts that did not come the first time, each once', async () => {
    const text = await backupOf([sent(0), sent(1)]);
    const store = await memoryStore();
    await importInto(store, text);
    const whole = (await store.conversations.list(chat)).map(({ receipts }) => receipts);
    expect(whole.map(({ length }) => length)).toEqual([2, 2]);

    const again = await interrupted(text, 4);
    const receipts = async (): Promise<unknown> =>
      (await again.conversations.list(chat)).map(({ receipts }) => receipts);
    expect(await receipts()).toEqual([[], [expect.objectContaining({ text: 'it came' })]]);
    for (let time = 0; time < 2; time++) {
      await importInto(again, text);
      expect(await receipts()).toEqual(whole);
    }
  });

  it('leaves unread what came meanwhile', async () => {
    const text = await backupOf(many);
    const store = await interrupted(text, 5);
    const { count } = (await store.conversations.loadSummary(chat)) ?? { count: 0 };
    await store.conversations.add(chat, received(1000));
    await importInto(store, text);
    // those behind it cannot be read without it
    expect(await countsIn(store)).toEqual({ count: 601, unread: 601 - count });
  });
});

describe('an import into a conversation that goes on here', () => {
  it('leaves read what is read, and unread what is new', async () => {
    const text = await backupOf([received(1), received(2), received(3)], 1);
    const store = await memoryStore();
    await store.conversations.add(chat, received(10));
    await store.conversations.markRead(chat);
    await importInto(store, text);
    expect(await countsIn(store)).toEqual({ count: 4, unread: 1 });
    await store.conversations.add(chat, received(11));
    await importInto(store, text);
    expect(await countsIn(store)).toEqual({ count: 5, unread: 2 });
    await store.conversations.markRead(chat);
    await importInto(store, text);
    expect(await countsIn(store)).toEqual({ count: 5, unread: 0 });
  });

  it('leaves alone a message that waits here', async () => {
    const store = await memoryStore();
    const waiting: NewMessage = { ...sent(1), state: 'queued' };
    const text = await backupOf([waiting]);
    await store.conversations.add(chat, waiting);
    await importInto(store, text);
    const messages = await store.conversations.list(chat);
    expect(messages.map(message => [textOf(message), message.state])).toEqual([['text 1', 'queued']]);
  });
});
