import { encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import { bytesEncoding } from '../../src/database.js';
import { spaces } from '../../src/spaces.js';
import { cheap, codeOf } from '../kit.js';
import { settled, until } from '../people.js';
import { FakeBrowser } from './browser.js';

async function twoTabs() {
  const browser = new FakeBrowser();
  const tabs = [browser.openTab(), browser.openTab()] as const;
  const first = await tabs[0].openStore({ passphrase: 'old' });
  const second = await tabs[1].openStore({ passphrase: 'old' });
  return { browser, tabs, first, second };
}

type Tabs = Awaited<ReturnType<typeof twoTabs>>;

/** Which of two passphrases opens the store once all tabs were closed. */
async function opensWith({ browser, first, second }: Tabs): Promise<Readonly<Record<string, string>>> {
  await first.close();
  await second.close();
  const codes: Record<string, string> = {};
  for (const passphrase of ['new', 'old']) {
    codes[passphrase] = await codeOf(async () => (await browser.openTab().openStore({ passphrase })).close());
  }
  return codes;
}

async function damageHeader({ disk }: FakeBrowser, ...copies: readonly number[]): Promise<void> {
  for (const number of copies) {
    const key = Uint8Array.of(number, ...encodeUtf8('header'));
    const value = Uint8Array.from((await disk.get(key, bytesEncoding)) ?? []);
    value[40] = (value[40] as number) ^ 1;
    await disk.batch([{ type: 'put', key, value }], { ...bytesEncoding, sync: true });
  }
}

describe('a passphrase that another tab has changed', () => {
  it('is told, so that both say how the store lies', async () => {
    const { first, second } = await twoTabs();
    await first.changePassphrase(undefined);
    await settled();
    expect([first.protection, second.protection]).toEqual(['unprotected', 'unprotected']);
    await second.changePassphrase('new', { cost: cheap });
    await settled();
    expect([first.protection, second.protection]).toEqual(['sealed', 'sealed']);
  });

  it('is known to a tab that was opening meanwhile', async () => {
    const browser = new FakeBrowser();
    // what a passphrase costs is the time in which the other one has read the header and hears nothing yet
    const cost = { N: 2 ** 16, r: 8, p: 1 };
    const first = await browser.openTab().openStore({ passphrase: 'old', cost });
    const { disk } = browser;
    const get = disk.get.bind(disk);
    let reads = 0;
    disk.get = (key, options) => {
      reads++;
      return get(key, options);
    };
    const opening = browser.openTab().openStore({ passphrase: 'old' });
    await until(() => reads >= 2);
    await first.changePassphrase(undefined);
    expect((await opening).protection).toBe('unprotected');
  });

  it.each([
    ['first', spaces.header],
    ['second', spaces['header copy']],
  ])('stays changed when this one repairs the %s copy of the header', async (_, copy) => {
    const all = await twoTabs();
    const [tab] = all.tabs;
    // it is gone before it can tell
    tab.onBatchDone = async () => tab.kill();
    void all.first.changePassphrase('new', { cost: cheap });
    await all.second.whenFirst;
    await damageHeader(all.browser, copy);
    expect((await all.second.repair()).restoredHeader).toBe(true);
    expect((await all.second.verify()).isGood).toBe(true);
    expect(await opensWith(all)).toEqual({ new: 'none', old: 'ERR_STORE_PASSPHRASE' });
  });

  it('stays changed when both copies are lost, as this one was told', async () => {
    const all = await twoTabs();
    await all.first.changePassphrase('new', { cost: cheap });
    await settled();
    await damageHeader(all.browser, spaces.header, spaces['header copy']);
    expect((await all.second.repair()).restoredHeader).toBe(true);
    expect(await opensWith(all)).toEqual({ new: 'none', old: 'ERR_STORE_PASSPHRASE' });
  });
});
