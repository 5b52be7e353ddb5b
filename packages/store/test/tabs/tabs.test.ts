import { encodeUtf8 } from '@dimp/crypto/format';
import { Facebook } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { describe, expect, it } from '@jest/globals';
import type { OpenedStore } from '../../src/opened-store.js';
import { codeOf } from '../kit.js';
import { FakeBrowser } from './browser.js';

const far = 10_000_000_000;

/** Adds one to a number that is kept in a store, and notes it in the order of numbers. */
async function count(store: OpenedStore, note: string): Promise<void> {
  const key = store.keys.key('names', 'count');
  await store.ledger.change(async records => {
    const next = Number(new TextDecoder().decode((await records.get(key)) ?? encodeUtf8('0'))) + 1;
    records.put(key, encodeUtf8(String(next)));
    records.put(store.keys.ordered('waiting', 'notes', next), encodeUtf8(note));
  });
}

async function notes(store: OpenedStore): Promise<readonly string[]> {
  const found = await store.ledger.list(store.keys.sequence('waiting', 'notes'));
  return found.map(({ value }) => new TextDecoder().decode(value));
}

function numbered(name: string, length: number): string[] {
  return Array.from({ length }, (_, index) => `${name} ${index}`);
}

describe('tabs', () => {
  it('use one store through the first one, sealed with one passphrase', async () => {
    const browser = new FakeBrowser();
    const first = await browser.openTab().openStore({ passphrase: 'secret' });
    const second = await browser.openTab().openStore({ passphrase: 'secret' });
    expect(browser.opened).toBe(1);
    expect([first.isFirst, second.isFirst]).toEqual([true, false]);
    const [hulk, moki] = await installTestUsers(new Facebook({ archive: second.archive }));
    expect((await first.archive.loadLocalUsers()).map(({ text }) => text)).toEqual([hulk.text, moki.text]);
    expect((await first.archive.loadUserKeys(hulk))?.metaKey.publicKey.material).toEqual(
      (await second.archive.loadUserKeys(hulk))?.metaKey.publicKey.material,
    );
    expect(await codeOf(() => browser.openTab().openStore({ passphrase: 'wrong' }))).toBe(
      'ERR_STORE_PASSPHRASE',
    );
    expect(await codeOf(() => browser.openTab().openStore())).toBe('ERR_STORE_PASSPHRASE_NEEDED');
    expect((await first.verify()).isGood).toBe(true);
  });

  it('that open at the same time make one store', async () => {
    const browser = new FakeBrowser();
    const stores = await Promise.all(numbered('tab', 5).map(() => browser.openTab().openStore()));
    await Promise.all(stores.map((store, index) => count(store, `from ${index}`)));
    for (const store of stores) expect((await store.verify()).damaged).toEqual([]);
    expect([...(await notes(stores[0] as OpenedStore))].sort()).toEqual(numbered('from', 5));
  });

  it('that write at the same time lose nothing and keep the order of each', async () => {
    const browser = new FakeBrowser();
    const stores = [
      await browser.openTab().openStore(),
      await browser.openTab().openStore(),
      await browser.openTab().openStore(),
    ];
    await Promise.all(
      stores.flatMap((store, index) => numbered(`tab ${index}:`, 40).map(note => count(store, note))),
    );
    for (const store of stores) {
      const all = await notes(store);
      expect(all).toHaveLength(120);
      for (const index of [0, 1, 2]) {
        expect(all.filter(note => note.startsWith(`tab ${index}:`))).toEqual(numbered(`tab ${index}:`, 40));
      }
    }
  });

  it('see in units what others added, though ends are kept in memory', async () => {
    const browser = new FakeBrowser();
    const stores = [await browser.openTab().openStore(), await browser.openTab().openStore()];
    for (const number of [0, 1, 2, 3, 4, 5]) {
      const store = stores[number % 2] as OpenedStore;
      await store.unit(({ replay }) => Promise.resolve(replay.add(`message ${number}`, far)));
    }
    for (const store of stores) {
      for (const number of [0, 1, 2, 3, 4, 5]) expect(await store.replay.has(`message ${number}`)).toBe(true);
      expect((await store.verify()).records.get('replay tail')).toBe(1);
    }
  });

  it('that write alone keep their turn: a burst in one tab costs few batches', async () => {
    const browser = new FakeBrowser();
    const tab = browser.openTab();
    const first = await tab.openStore();
    const second = await browser.openTab().openStore();
    await count(second, 'warm');
    const before = tab.batches;
    await Promise.all(
      numbered('burst', 100).map(note =>
        second.ledger.unit(async unit => unit.put(second.keys.key('contacts', note), encodeUtf8(note))),
      ),
    );
    expect(tab.batches - before).toBeLessThan(10);
    expect((await first.verify()).records.get('contacts')).toBe(100);
  });

  it('page through what another tab has, in both directions and with limits', async () => {
    const browser = new FakeBrowser();
    await browser.openTab().openStore();
    const second = await browser.openTab().openStore();
    await second.ledger.unit(async unit => {
      for (let n = 0; n < 2500; n++) unit.put(second.keys.ordered('waiting', 'x', n), encodeUtf8(String(n)));
    });
    const list = async (bounds: object): Promise<readonly number[]> => {
      const found = await second.ledger.list(second.keys.sequence('waiting', 'x', bounds));
      return found.map(({ value }) => Number(new TextDecoder().decode(value)));
    };
    const all = Array.from({ length: 2500 }, (_, n) => n);
    expect(await list({})).toEqual(all);
    expect(await list({ reverse: true })).toEqual(all.toReversed());
    expect(await list({ from: 100, before: 2200, limit: 1500 })).toEqual(all.slice(100, 1600));
    expect(await list({ before: 2200, limit: 1500, reverse: true })).toEqual(
      all.slice(700, 2200).toReversed(),
    );
  });

  it('hear of an error in the tab that has the database', async () => {
    const browser = new FakeBrowser();
    const tab = browser.openTab();
    const first = await tab.openStore();
    const second = await browser.openTab().openStore();
    tab.onBatch = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'));
    expect(await codeOf(() => count(second, 'lost'))).toBe('ERR_STORE_FULL');
    tab.onBatch = undefined;
    await count(second, 'good');
    expect(await notes(first)).toEqual(['good']);
    expect(await notes(second)).toEqual(['good']);
  });

  it('of another version are refused', async () => {
    const browser = new FakeBrowser();
    const first = await browser.openTab().openStore({ version: '1.1' });
    expect(await codeOf(() => browser.openTab().openStore({ version: '1.2' }))).toBe('ERR_STORE_LOCKED');
    await count(first, 'goes on');
    await first.close();
    await (await browser.openTab().openStore({ version: '1.2' })).close();
    expect(browser.opened).toBe(0);
  });
});

describe('when the first tab closes', () => {
  it('the next one takes over, and the one after it in the end', async () => {
    const browser = new FakeBrowser();
    const stores = [
      await browser.openTab().openStore(),
      await browser.openTab().openStore(),
      await browser.openTab().openStore(),
    ];
    const [first, second, third] = stores as [OpenedStore, OpenedStore, OpenedStore];
    await count(first, 'first');
    await first.close();
    await second.whenFirst;
    await count(third, 'third');
    await second.close();
    await third.whenFirst;
    await count(third, 'alone');
    expect(await notes(third)).toEqual(['first', 'third', 'alone']);
    expect(browser.opened).toBe(1);
    expect(await codeOf(() => count(first, 'late'))).toBe('ERR_STORE_CLOSED');
    await third.close();
    expect(browser.opened).toBe(0);
  });

  it.each(['before', 'after'] as const)(
    'in the middle of a batch, %s it was written, the others write it once',
    async when => {
      const browser = new FakeBrowser();
      const tab = browser.openTab();
      await tab.openStore();
      const second = await browser.openTab().openStore();
      const third = await browser.openTab().openStore();
      await count(second, 'earlier');
      const killed = new Promise<void>(resolve => {
        const kill = async (): Promise<void> => {
          tab.kill();
          resolve();
        };
        if (when === 'before') tab.onBatch = kill;
        else tab.onBatchDone = kill;
      });
      const writing = Promise.all([
        ...numbered('second', 5).map(note => count(second, note)),
        ...numbered('third', 5).map(note => count(third, note)),
      ]);
      await killed;
      await writing;
      expect(browser.opened).toBe(1);
      const all = await notes(third);
      expect(all).toHaveLength(11);
      for (const name of ['second', 'third']) {
        expect(all.filter(note => note.startsWith(name))).toEqual(numbered(name, 5));
      }
    },
  );

  it('at any moment, nothing is lost or doubled', async () => {
    for (let round = 0; round < 20; round++) {
      const browser = new FakeBrowser();
      const tabs = [browser.openTab(), browser.openTab(), browser.openTab()];
      const stores: OpenedStore[] = [];
      for (const tab of tabs) stores.push(await tab.openStore());
      const accepted: string[] = [];
      const writing = stores.map(async (store, index) => {
        for (const note of numbered(`${index}:`, 15)) {
          await count(store, note);
          accepted.push(note);
        }
      });
      // the first two go while all write; they say nothing more
      for (const index of [0, 1]) {
        for (let turn = 0; turn < round + index; turn++) await new Promise(setImmediate);
        tabs[index]?.kill();
      }
      await writing[2];
      const all = await notes(stores[2] as OpenedStore);
      expect(new Set(all).size).toBe(all.length);
      expect(accepted.filter(note => !all.includes(note))).toEqual([]);
      expect(all.filter(note => note.startsWith('2:'))).toEqual(numbered('2:', 15));
      for (const index of [0, 1]) {
        const own = all.filter(note => note.startsWith(`${index}:`));
        expect(own).toEqual(numbered(`${index}:`, own.length));
      }
    }
  });
});
