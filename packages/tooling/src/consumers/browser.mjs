import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

/** @import { AddressInfo } from 'node:net' */

/**
 * The parts of playwright's browser that are used here; it is not there when the workspace is checked.
 *
 * @typedef {{ newPage(): Promise<Page>, close(): Promise<void> }} Browser
 */

/**
 * @typedef {{
 *   on(event: 'console', listener: (message: { type(): string, text(): string }) => void): void,
 *   on(event: 'pageerror', listener: (error: Error) => void): void,
 *   goto(url: string): Promise<unknown>,
 *   evaluate(code: string): Promise<unknown>,
 *   close(): Promise<void>,
 * }} Page
 */

const types = { '.html': 'text/html', '.js': 'text/javascript', '.map': 'application/json' };

/**
 * Opens a folder as a page, and waits for what its script leaves in `outcome`.
 *
 * @param {string} folder with `index.html`
 * @param {Browser} browser
 * @returns {Promise<{ readonly outcome: string, readonly said: readonly string[] }>} as JSON; warnings and errors
 */
export async function openPage(folder, browser) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const type = types[/** @type {keyof typeof types} */ (extname(name))];
    try {
      // browsers ask for an icon by themselves
      if (name === 'favicon.ico') return void response.writeHead(204).end();
      const data = await readFile(join(folder, name));
      response.writeHead(200, { 'content-type': type ?? 'application/octet-stream' }).end(data);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {AddressInfo} */ (server.address());

  const page = await browser.newPage();
  /** @type {string[]} */
  const said = [];
  page.on('console', message => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => said.push(String(error)));
  try {
    await page.goto(`http://127.0.0.1:${port}/`);
    const outcome = await page.evaluate('outcome.then(JSON.stringify)');
    return { outcome: String(outcome), said };
  } finally {
    await page.close();
    server.close();
    server.closeAllConnections();
  }
}
