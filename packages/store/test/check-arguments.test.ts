import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseID } from '@dimp/mkm';
import { type Conversations, defaultProtocol, Facebook, registerUser } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import { conversationsPart, exportAccount, importAccount, openStore } from '../src/index.js';
import { createMemoryDatabase } from '../src/memory.js';
import { memoryStore } from './kit.js';

/** As plain JavaScript has it. */
const open = openStore as (options?: unknown) => Promise<unknown>;

describe('opening a store', () => {
  it.each([
    [undefined, 'options: expected an object of options, got nothing; write openStore('],
    ['folder', 'options: expected an object of options, got a string;'],
    [{ location: 5 }, 'options.location: expected a text, got a number;'],
    [{ passphrase: undefined }, 'options.passphrase: expected a text, got nothing; leave it out for a store'],
    [{ passphrase: null }, 'options.passphrase: expected a text, got null;'],
    [{ passphrase: 5 }, 'options.passphrase: expected a text, got a number;'],
  ])('says which option is of another kind (%#)', async (options, text) => {
    const isFirst = typeof options !== 'object' || 'location' in options;
    const opening = open(isFirst ? options : { database: createMemoryDatabase(), ...options });
    await expect(opening).rejects.toThrow(TypeError);
    await expect(opening).rejects.toThrow(text);
  });

  it('is not sealed with what is no passphrase', async () => {
    const store = await memoryStore();
    await expect(store.changePassphrase(5 as never)).rejects.toThrow(
      'passphrase: expected a text, got a number',
    );
    expect(store.protection).toBe('unprotected');
  });
});

describe('conversations', () => {
  const user = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', defaultProtocol());
  const peer = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', defaultProtocol());
  const both = { user, peer };

  it.each([
    ['list', [user], 'conversation: expected { user, peer }, got another object;'],
    ['list', [], 'conversation: expected { user, peer }, got nothing;'],
    [
      'list',
      [{ user, peer: peer.text }],
      'conversation.peer: expected an ID, got a string; facebook.parseID',
    ],
    [
      'list',
      [{ user: { id: user }, peer }],
      'conversation.user: expected an ID, got another object; the ID of a',
    ],
    ['list', [both, 50], 'page: expected an object, got a number; write { limit: 50 }.'],
    ['list', [both, { limit: '50' }], 'page.limit: expected a number, got a string;'],
    ['list', [both, { after: null }], 'page.after: expected a number, got null;'],
    ['list', [both, { limit: 1.5 }], 'page.limit: expected a whole number of 0 or more, got 1.5; write {'],
    ['list', [both, { limit: -1 }], 'page.limit: expected a whole number of 0 or more, got -1;'],
    ['list', [both, { limit: Number.NaN }], 'page.limit: expected a whole number of 0 or more, got NaN;'],
    ['search', [both, 'a', { limit: -1 }], 'page.limit: expected a whole number of 0 or more, got -1;'],
    ['search', [both], 'text: expected what to search for, got nothing;'],
    ['search', [both, 'a', { before: '5' }], 'page.before: expected a number, got a string;'],
    ['search', [peer, 'a'], 'conversation: expected { user, peer }'],
    ['add', [{ user, peer: 'bob' }, {}], 'conversation.peer: expected an ID, got a string;'],
    ['loadSummary', [{ user: 'moki', peer }], 'conversation.user: expected an ID, got a string;'],
    ['listSummaries', [user.text], 'user: expected an ID, got a string;'],
    ['markRead', [peer], 'conversation: expected { user, peer }'],
    ['removeAll', [peer], 'conversation: expected { user, peer }'],
  ] as const)('%s: tell what is of another kind (%#)', async (name, parameters, text) => {
    const conversations = (await memoryStore()).conversations;
    const call = conversations[name as keyof Conversations].bind(conversations) as (
      ...given: readonly unknown[]
    ) => unknown;
    const calling = (async () => await call(...parameters))();
    await expect(calling).rejects.toThrow(text.includes('whole') ? RangeError : TypeError);
    await expect(calling).rejects.toThrow(text);
  });
});

describe('backups', () => {
  const passphrase = 'a passphrase for the backup';
  const exporting = exportAccount as (...parameters: readonly unknown[]) => Promise<unknown>;
  const importing = importAccount as (...parameters: readonly unknown[]) => Promise<unknown>;

  it('tell what is of another kind when one is made', async () => {
    const store = await memoryStore();
    const { id } = await registerUser(new Facebook({ archive: store.archive }), { name: 'anna', bits: 1024 });
    const user = { id };
    const calls: readonly [readonly unknown[], string][] = [
      [[], 'source: expected a store or a Facebook, got nothing; pass'],
      [
        [store.archive, id, passphrase],
        'source: expected a store or a Facebook, got a StoreArchive; pass the whole',
      ],
      [[store, user, passphrase], 'user: expected an ID, got another object; the ID of a user is user.id.'],
      [[store, id.text, passphrase], 'user: expected an ID, got a string; facebook.parseID(text) reads one.'],
      [[store, id], 'passphrase: expected a text, got nothing; it protects'],
      [[store, id, null], 'passphrase: expected a text, got null;'],
      [[store, id, passphrase, null], 'options: expected an object of options, got null; write { parts: ['],
      [[store, id, passphrase, { parts: {} }], 'options.parts: expected a list, got another object;'],
    ];
    for (const [parameters, text] of calls) {
      await expect(exporting(...parameters)).rejects.toThrow(TypeError);
      await expect(exporting(...parameters)).rejects.toThrow(text);
    }
  });

  it('tell what is of another kind when one is read', async () => {
    const store = await memoryStore();
    const text = await readFile(join(import.meta.dirname, 'fixtures/backup-1.txt'), 'utf8');
    const calls: readonly [readonly unknown[], string][] = [
      [[], 'text: expected the text of a backup, got nothing;'],
      [
        [Buffer.from(text), passphrase, store],
        'text: expected the text of a backup, got a Buffer; readFile(',
      ],
      [[text, undefined, store], 'passphrase: expected a text, got nothing; it is the one'],
      [[text, passphrase], 'target: expected a store or a Facebook, got nothing; pass the whole'],
      [[text, passphrase, store.archive], 'target: expected a store or a Facebook, got a StoreArchive;'],
      [[text, passphrase, {}], 'target: expected a store or a Facebook, got another object;'],
      [[text, passphrase, store, { parts: 5 }], 'options.parts: expected a list, got a number;'],
    ];
    for (const [parameters, text] of calls) {
      await expect(importing(...parameters)).rejects.toThrow(TypeError);
      await expect(importing(...parameters)).rejects.toThrow(text);
    }
    expect(() => conversationsPart(undefined as never)).toThrow(
      'source: expected a store, got nothing; write conversationsPart(store).',
    );
  });
});
