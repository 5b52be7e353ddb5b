import { parseID } from '@dimp/mkm';
import { type Conversations, defaultProtocol } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import { openStore } from '../src/index.js';
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
    await expect(calling).rejects.toThrow(TypeError);
    await expect(calling).rejects.toThrow(text);
  });
});
