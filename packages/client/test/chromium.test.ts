import { createText } from '@dimp/dkd';
import { formatMeta, parseMeta } from '@dimp/mkm';
import { Messenger } from '@dimp/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { StationTransport } from '../src/websocket/index.js';
import { bundle, findChromium, launch, serve } from './browser/chromium.js';
import type { App } from './browser/page.js';
import { person, protocol, until } from './kit.js';
import { AcknowledgingStation } from './stations/acknowledging.js';
import { Clerk } from './stations/clerk.js';
import { Generation2Station } from './stations/generation-2.js';

const executable = findChromium();

if (executable === undefined) {
  console.warn(
    'No Chromium, so nothing of this package ran in a browser: install it, or name it in DIMP_CHROMIUM.',
  );
  it.skip('needs /usr/bin/chromium, or one that DIMP_CHROMIUM names', () => undefined);
} else {
  describe('in Chromium', () => {
    let browser: Browser;
    let site: Awaited<ReturnType<typeof serve>>;

    beforeAll(async () => {
      site = await serve(await bundle('page.ts'));
      browser = await launch(executable);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      site?.close();
    });
    const open: { close(): Promise<void> }[] = [];
    afterEach(async () => {
      await Promise.all(open.splice(0).map(one => one.close()));
    });

    async function openPage(): Promise<Page> {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${site.port}/`);
      return page;
    }

    it('a page and a program of Node write to each other through a station', async () => {
      const station = new AcknowledgingStation(await Clerk.create('station'));
      open.push(await station.server.listen());
      const bob = await person('bob');
      const transport = new StationTransport({
        facebook: bob.facebook,
        user: bob.id,
        stations: [{ url: station.url }],
      });
      const messenger = new Messenger({ facebook: bob.facebook, transport });
      open.push(messenger, transport);
      const heard: unknown[] = [];
      messenger.on(
        'message',
        ({ content }) => void heard.push('text' in content ? content.text : content.kind),
      );
      await transport.connect();

      const page = await openPage();
      const card = await call(page, 'register', 'alice');
      const alice = bob.facebook.parseID(card.id);
      await bob.facebook.saveMeta(parseMeta(card.meta, protocol), alice);
      expect(await call(page, 'meet', { id: bob.id.text, meta: formatMeta(bob.meta) })).toBe(true);
      // nothing but the cut ends its connection, however busy the machine is
      expect(await call(page, 'connect', station.url, 16)).toBe(station.clerk.id.text);
      expect(await call(page, 'send', 'from a page', bob.id.text)).toBe('sent');
      await until(() => heard.length === 1);
      await messenger.sendContent(createText('from Node'), alice);
      while ((await call(page, 'texts')).length === 0) await page.waitForTimeout(20);
      expect([heard, await call(page, 'texts')]).toEqual([['from a page'], ['from Node']]);

      // the connection is lost, and comes again by itself
      station.server.peer.drop();
      while (
        (await call(page, 'states')).at(-1) !== 'ready' ||
        !(await call(page, 'states')).includes('waiting')
      ) {
        await page.waitForTimeout(20);
      }
      expect(await call(page, 'send', 'again', bob.id.text)).toBe('sent');
      await until(() => heard.length === 2);
      await call(page, 'close');
      expect((await call(page, 'states')).at(-1)).toBe('closed');
    }, 60_000);

    it('a page notices that a station of generation 2 is gone, which answers no goodbye', async () => {
      const station = new Generation2Station(await Clerk.create('station'));
      open.push(await station.server.listen());
      const page = await openPage();
      await call(page, 'register', 'alice');
      expect(await call(page, 'connect', station.url, 0.4)).toBe(station.clerk.id.text);
      await until(() => station.signs.filter(sign => sign === 'PING').length >= 3);
      // on a busy machine it may have been taken for dead before
      expect((await call(page, 'states')).slice(0, 3)).toEqual(['connecting', 'handshaking', 'ready']);
      const losses = async () => (await call(page, 'states')).filter(kind => kind === 'waiting').length;
      const before = await losses();
      station.isDead = true;
      while ((await losses()) === before) await page.waitForTimeout(20);
      station.isDead = false;
      while ((await call(page, 'states')).at(-1) !== 'ready') await page.waitForTimeout(20);
      await call(page, 'close');
    }, 60_000);
  });
}

/** Calls a function of the page. */
function call<Name extends keyof App>(
  page: Page,
  name: Name,
  ...given: Parameters<App[Name]>
): Promise<Awaited<ReturnType<App[Name]>>> {
  // text, as this file is checked without the page's functions
  return page.evaluate(`app.${name}(...${JSON.stringify(given)})`);
}
