import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { bundle, findChromium, launch, plainHost, serve } from './browser/chromium.js';
import type { PageReport } from './browser/page.js';

const executable = findChromium();

if (executable === undefined) {
  console.warn(
    'No Chromium, so nothing of this package ran in a browser: install it, or name it in DIMP_CHROMIUM.',
  );
  it.skip('needs /usr/bin/chromium, or one that DIMP_CHROMIUM names', () => undefined);
} else {
  describe('in Chromium all suites pass', () => {
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

    it.each([
      ['with crypto.subtle', '127.0.0.1', true],
      ['without crypto.subtle, from an address of plain http', plainHost, false],
    ])(
      '%s',
      async (_, host, hasSubtle) => {
        const page = await browser.newPage();
        await page.goto(`http://${host}:${site.port}/`);
        // text, as this file is checked without the page's functions
        const report = (await page.evaluate('runSuites()')) as PageReport;
        expect(report.hasSubtle).toBe(hasSubtle);
        expect(report.failed).toEqual([]);
        expect(report.passed.length).toBeGreaterThan(70);
      },
      240_000,
    );
  });
}
