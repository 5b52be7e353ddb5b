import { createText } from '@dimp/dkd';
import type { Meta } from '@dimp/mkm';
import { Facebook, MemoryRelay, Messenger, registerUser } from '@dimp/sdk';
import { installTestUsers } from '@dimp/sdk/test-users';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { conversationsPart, exportAccount, importAccount } from '../src/index.js';
import { bundlePage, findChromium, launch, plainHost, serve } from './browser/chromium.js';
import type { App, OpenedPage } from './browser/page.js';
import { cheap, memoryStore } from './kit.js';

const executable = findChromium();

if (executable === undefined) {
  console.warn(
    'No Chromium, so nothing of this package ran in a browser: install it, or name it in DIMP_CHROMIUM.',
  );
  it.skip('needs /usr/bin/chromium, or one that DIMP_CHROMIUM names', () => undefined);
} else {
  describe('in Chromium', () => {
    let browser: Browser;
    let context: BrowserContext;
    let site: Awaited<ReturnType<typeof serve>>;

    beforeAll(async () => {
      site = await serve(await bundlePage());
      browser = await launch(executable);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      site?.close();
    });
    // each its own storage
    beforeEach(async () => {
      context = await browser.newContext();
    });
    afterEach(() => context.close());

    async function openPage(host = '127.0.0.1'): Promise<Page> {
      const page = await context.newPage();
      await page.goto(`http://${host}:${site.port}/`);
      return page;
    }

    async function openStore(page: Page, passphrase?: string): Promise<OpenedPage> {
      const opened = await call(page, 'open', 'chat', ...(passphrase === undefined ? [] : [passphrase]));
      if (typeof opened === 'string') throw new Error(opened);
      return opened;
    }

    it('a user registers, sends, and finds all again after a reload', async () => {
      const page = await openPage();
      const opened = await openStore(page, 'secret');
      expect(opened).toMatchObject({ protection: 'sealed', isFirst: true, users: [] });
      expect(['persistent', 'best-effort']).toContain(opened.persistence);
      const alice = await call(page, 'register', 'alice');
      expect(await call(page, 'send', 'one', 'two')).toEqual(['sent', 'sent']);

      await page.reload();
      expect(await call(page, 'open', 'chat')).toBe('ERR_STORE_PASSPHRASE_NEEDED');
      expect(await call(page, 'open', 'chat', 'wrong')).toBe('ERR_STORE_PASSPHRASE');
      expect((await openStore(page, 'secret')).users).toEqual([alice]);
      await call(page, 'send', 'three');
      expect(await texts(page)).toEqual(['one', 'two', 'three']);
      expect(await call(page, 'isGood')).toBe(true);

      await call(page, 'changePassphrase', 'new secret');
      await page.reload();
      expect(await call(page, 'open', 'chat', 'secret')).toBe('ERR_STORE_PASSPHRASE');
      expect((await openStore(page, 'new secret')).users).toEqual([alice]);
      expect(await texts(page)).toEqual(['one', 'two', 'three']);
    }, 60_000);

    it('two tabs share a store, and the second goes on when the first is closed', async () => {
      const [first, second] = [await openPage(), await openPage()];
      await openStore(first, 'secret');
      await call(first, 'register', 'alice');
      expect(await call(second, 'open', 'chat', 'wrong')).toBe('ERR_STORE_PASSPHRASE');
      expect((await openStore(second, 'secret')).isFirst).toBe(false);
      const numbered = (name: string): string[] =>
        Array.from({ length: 20 }, (_, index) => `${name} ${index}`);
      await Promise.all([
        call(first, 'send', ...numbered('first')),
        call(second, 'send', ...numbered('second')),
      ]);
      const both = await texts(first);
      expect(await texts(second)).toEqual(both);
      expect(both).toHaveLength(40);
      for (const name of ['first', 'second']) {
        expect(both.filter(text => text.startsWith(name))).toEqual(numbered(name));
      }

      const sending = call(second, 'send', ...numbered('while it closes'));
      await first.close();
      expect(await sending).toEqual(numbered('sent').map(() => 'sent'));
      await call(second, 'whenFirst');
      expect(await texts(second)).toEqual([...both, ...numbered('while it closes')]);

      const third = await openPage();
      expect((await openStore(third, 'secret')).isFirst).toBe(false);
      await call(second, 'close');
      await call(third, 'whenFirst');
      expect(await texts(third)).toHaveLength(60);
      expect(await call(third, 'isGood')).toBe(true);
    }, 60_000);

    it('an account comes from Node, and goes back there', async () => {
      const node = await memoryStore();
      const facebook = new Facebook({ archive: node.archive });
      const { id } = await registerUser(facebook, { name: 'alice', bits: 1024 });
      const others = new Facebook();
      const [hulk] = await installTestUsers(others);
      await facebook.saveMeta((await others.loadMeta(hulk)) as Meta, hulk);
      await facebook.addContact(id, hulk);
      const messenger = new Messenger({ store: node, facebook, transport: new MemoryRelay().connect(id) });
      await messenger.sendContent(createText('from Node'), hulk);
      const parts = [conversationsPart(node)];
      const text = await exportAccount(node, id, 'backup', { cost: cheap, parts });

      const page = await openPage();
      await openStore(page, 'secret');
      expect(await call(page, 'importAccount', text, 'backup')).toBe(id.text);
      await call(page, 'send', 'from the browser');
      expect(await texts(page)).toEqual(['from Node', 'from the browser']);
      const back = await call(page, 'exportAccount', 'another');

      const target = await memoryStore();
      await importAccount(back, 'another', target, { parts: [conversationsPart(target)] });
      const list = await target.conversations.list({ user: id, peer: hulk }, { after: 0 });
      expect(list.map(({ message: { content } }) => content.kind === 'text' && content.text)).toEqual([
        'from Node',
        'from the browser',
      ]);
      expect((await new Facebook({ archive: target.archive }).currentUser()).id.text).toBe(id.text);
    }, 60_000);

    it('a page that came over plain http has a store as well, with portable code', async () => {
      const page = await openPage(plainHost);
      expect(await page.evaluate('crypto.subtle === undefined && navigator.locks === undefined')).toBe(true);
      expect(await openStore(page, 'secret')).toMatchObject({ protection: 'sealed', persistence: 'unknown' });
      await call(page, 'register', 'alice');
      await call(page, 'send', 'one');
      await page.reload();
      await openStore(page, 'secret');
      expect(await texts(page)).toEqual(['one']);
    }, 60_000);
  });
}

/** Calls a function of the page. As text, since this file is checked without what a page has. */
function call<Name extends keyof App>(
  page: Page,
  name: Name,
  ...args: Parameters<App[Name]>
): Promise<Awaited<ReturnType<App[Name]>>> {
  return page.evaluate(`app[${JSON.stringify(name)}](...${JSON.stringify(args)})`);
}

async function texts(page: Page): Promise<readonly string[]> {
  return (await call(page, 'messages')).map(({ text }) => text);
}
