import { rsa } from '@dimp/crypto/rsa';
import { createText } from '@dimp/dkd';
import { createID, type ID, signProfile, withProperty } from '@dimp/mkm';
import { Facebook } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { describe, expect, it } from '@jest/globals';
import type { OpenedStore } from '../../src/opened-store.js';
import { codeOf } from '../kit.js';
import { person, settled, textOf, Wire } from '../people.js';
import { FakeBrowser } from './browser.js';

async function twoTabs() {
  const browser = new FakeBrowser();
  const tabs = [browser.openTab(), browser.openTab()] as const;
  const first = await tabs[0].openStore();
  const second = await tabs[1].openStore();
  return { browser, tabs, first, second };
}

const texts = (ids: readonly { readonly text: string }[]): readonly string[] => ids.map(({ text }) => text);

describe('tabs that change one list', () => {
  async function people() {
    const both = await twoTabs();
    const facebooks = [both.first, both.second].map(({ archive }) => new Facebook({ archive }));
    const [hulk, moki] = await installTestUsers(facebooks[0] as Facebook);
    const others = ['a', 'b', 'c', 'd'].map(name => createID({ ...hulk, name }));
    return { ...both, facebooks, hulk, moki, others };
  }

  it('of contacts lose none, whoever comes first', async () => {
    const { facebooks, hulk, moki, others, first } = await people();
    for (let round = 0; round < 5; round++) {
      await first.archive.saveContacts(hulk, [moki]);
      await Promise.all(others.map((contact, index) => facebooks[index % 2]?.addContact(hulk, contact)));
      const contacts = await first.archive.loadContacts(hulk);
      expect([...texts(contacts)].sort()).toEqual([...texts([moki, ...others])].sort());
      await Promise.all([
        facebooks[0]?.removeContact(hulk, moki),
        facebooks[1]?.removeContact(hulk, others[0] as never),
      ]);
      expect([...texts(await first.archive.loadContacts(hulk))].sort()).toEqual(
        [...texts(others.slice(1))].sort(),
      );
    }
  });

  it('of members, in units that are open at the same time, lose none', async () => {
    const { first, second, hulk, moki, others } = await people();
    const [a, b] = others as [ID, ID];
    await first.archive.saveMembers(hulk, [hulk, moki]);
    const units = [await first.begin(), await second.begin()] as const;
    for (const [index, unit] of units.entries()) {
      const members = (await unit.archive.loadMembers(hulk)) ?? [];
      await unit.archive.saveMembers(hulk, [...members, others[index] as never]);
      const again = (await unit.archive.loadMembers(hulk)) ?? [];
      expect(texts(again)).toEqual(texts([hulk, moki, others[index] as never]));
      // the second one also removes somebody, as a change of its own
      if (index === 1)
        await unit.archive.saveMembers(
          hulk,
          again.filter(one => one !== again[1]),
        );
    }
    for (const unit of units) await (await unit.merge()).durable;
    for (const store of [first, second]) {
      expect(texts((await store.archive.loadMembers(hulk)) ?? [])).toEqual(texts([hulk, b, a]));
    }
  });

  it('of members forget them, and what is saved without being read replaces them', async () => {
    const { first, second, hulk, moki } = await people();
    await first.archive.saveMembers(hulk, [hulk]);
    await second.archive.saveMembers(hulk, [moki]);
    expect(texts((await first.archive.loadMembers(hulk)) ?? [])).toEqual([moki.text]);
    await second.unit(async ({ archive }) => {
      await archive.saveMembers(hulk, [hulk, moki]);
      await archive.saveMembers(hulk, undefined);
    });
    expect(await first.archive.loadMembers(hulk)).toBeUndefined();
  });

  it('of profile keys lose none: both still decrypt', async () => {
    const { first, second, hulk, moki } = await people();
    const archives = [first.archive, second.archive] as const;
    const [one, other] = await Promise.all(archives.map(async archive => archive.loadUserKeys(moki)));
    const spare = await first.archive.loadUserKeys(hulk);
    if (one === undefined || other === undefined || spare === undefined) throw new Error('expected keys');
    const ecc = { ...one, profileKeys: [{ key: spare.metaKey }] };
    const newer = { ...other, profileKeys: [{ key: await rsa.generatePrivateKey({ bits: 1024 }) }] };
    await Promise.all([first.archive.saveUserKeys(moki, ecc), second.archive.saveUserKeys(moki, newer)]);
    expect((await first.archive.loadUserKeys(moki))?.profileKeys).toHaveLength(2);
  });

  it('of profiles tell the others, who have the old one in memory', async () => {
    const { facebooks, moki } = await people();
    const [mine, others] = facebooks as [Facebook, Facebook];
    const before = await others.loadProfile(moki);
    const keys = await mine.archive.loadUserKeys(moki);
    if (before === undefined || keys === undefined) throw new Error('expected a profile and keys');
    const profile = await signProfile(withProperty(before, 'name', 'Moki II'), keys.metaKey);
    expect((await others.loadProfile(moki))?.properties['name']).not.toBe('Moki II');
    await mine.saveProfile(profile);
    await settled();
    expect((await others.loadProfile(moki))?.properties['name']).toBe('Moki II');
  });
});

describe('tabs that both have a connection', () => {
  it('send each what it put into the outbox, and the first what a closed one left', async () => {
    const { tabs, first, second } = await twoTabs();
    const wire = new Wire();
    const cut = new Wire();
    cut.isCut = true;
    const moki = await person('moki', { store: second, wire: cut });
    const hulk = moki.facebook.parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj');
    const sending = await moki.messenger.sendContent(createText('from the second'), hulk);
    expect(sending.kind).toBe('queued');

    const same = await person('moki', { store: first, wire });
    await same.messenger.resume();
    await same.messenger.sendContent(createText('from the first'), hulk);
    expect(wire.sent).toHaveLength(1);
    expect(await first.outbox.list()).toEqual([]);
    expect(await second.outbox.list()).toHaveLength(1);

    tabs[1].kill();
    await settled();
    await same.messenger.resume();
    expect(wire.sent).toHaveLength(2);
    expect(await first.outbox.list()).toEqual([]);
    const [newest] = await first.conversations.list({ user: moki.id, peer: hulk }, { after: 0 });
    expect([newest && textOf(newest), newest?.state]).toEqual(['from the second', 'sent']);
  });

  it('that take the database over find what the first left', async () => {
    const { tabs, first, second } = await twoTabs();
    const cut = new Wire();
    cut.isCut = true;
    const moki = await person('moki', { store: first, wire: cut });
    const hulk = moki.facebook.parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj');
    await moki.messenger.sendContent(createText('left behind'), hulk);
    expect(await second.outbox.list()).toEqual([]);
    tabs[0].kill();
    await second.whenFirst;
    expect(await second.outbox.list()).toHaveLength(1);
  });
});

describe('a tab that has the database and does not answer', () => {
  /** It hears nothing any more, and holds all its locks. */
  async function frozen(patience: number) {
    const browser = new FakeBrowser();
    const first = browser.openTab();
    await first.openStore();
    const second: OpenedStore = await browser.openTab().openStore({ patience });
    return { browser, second, wake: first.freeze() };
  }

  it('makes every request an error with a code after a while, and can come back', async () => {
    const { second, wake } = await frozen(500);
    const key = second.keys.key('names', 'x');
    expect(await codeOf(() => second.ledger.get(key))).toBe('ERR_STORE_SILENT');
    const late = codeOf(() => second.ledger.change(records => records.put(key, Uint8Array.of(1))));
    expect(await late).toBe('ERR_STORE_SILENT');
    wake();
    await settled();
    // what was given up is not done any more when it wakes up
    expect(await second.ledger.get(key)).toBeUndefined();
    await second.ledger.change(records => records.put(key, Uint8Array.of(2)));
    expect(await second.ledger.get(key)).toEqual(Uint8Array.of(2));
  });

  it('lets no other tab open the store, and says so', async () => {
    const { browser, wake } = await frozen(500);
    expect(await codeOf(() => browser.openTab().openStore({ patience: 500 }))).toBe('ERR_STORE_SILENT');
    wake();
    await (await browser.openTab().openStore({ patience: 30_000 })).close();
  });
});
