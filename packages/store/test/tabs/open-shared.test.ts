import 'fake-indexeddb/auto';
import { Facebook } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openStore, type Store } from '../../src/index.js';
import { openShared } from '../../src/tabs/open-shared.js';
import { askForPersistence } from '../../src/tabs/persistence.js';
import type { TabLocks } from '../../src/tabs/tab-host.js';
import { FakeLocks } from './browser.js';

const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');

function setNavigator(value: object): void {
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
}

beforeEach(() => {
  const locks = new FakeLocks();
  const request: TabLocks['request'] = (name, options, work) => locks.request({}, name, options, work);
  setNavigator({ locks: { request, query: () => locks.query() } });
});

afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
  else Object.defineProperty(globalThis, 'navigator', before);
});

async function openTab(location: string): Promise<Store> {
  const { database } = await openShared(location);
  return openStore({ database, passphrase: 'secret', cost: { N: 2, r: 1, p: 1 } });
}

describe('on IndexedDB, over a BroadcastChannel', () => {
  it('two tabs share a store, and the second takes over', async () => {
    const first = await openTab('shared');
    const second = await openTab('shared');
    expect([first.isFirst, second.isFirst]).toEqual([true, false]);
    const [hulk, moki] = await installTestUsers(new Facebook({ archive: second.archive }));
    expect((await first.archive.loadContacts(hulk)).map(({ text }) => text)).toEqual([moki.text]);
    await first.close();
    await second.whenFirst;
    expect((await second.archive.loadLocalUsers()).map(({ text }) => text)).toEqual([hulk.text, moki.text]);
    await second.close();
    const third = await openTab('shared');
    expect((await third.verify()).isGood).toBe(true);
    expect(await third.archive.loadUserKeys(moki)).toBeDefined();
    await third.close();
  });

  it('a browser without locks opens it alone', async () => {
    setNavigator({});
    const store = await openTab('alone');
    expect(store.isFirst).toBe(true);
    await store.whenFirst;
    await store.close();
  });
});

describe('the browser is asked to keep what is stored', () => {
  it.each([
    [{ persisted: async () => true, persist: () => Promise.reject(new Error('asked again')) }, 'persistent'],
    [{ persisted: async () => false, persist: async () => true }, 'persistent'],
    [{ persisted: async () => false, persist: async () => false }, 'best-effort'],
    [{ persist: () => Promise.reject(new TypeError('not here')) }, 'unknown'],
    [{}, 'unknown'],
  ])('%#: %s gives %s', async (storage, expected) => {
    expect(await askForPersistence(storage)).toBe(expected);
    setNavigator({ storage });
    const { database, persistence } = await openShared(`kept ${JSON.stringify(storage)} ${expected}`);
    expect(await persistence).toBe(expected);
    await database.close();
  });
});
