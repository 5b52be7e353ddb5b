import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { quiet } from './install.mjs';
import { strangersEnvironment } from './surroundings.mjs';

/** @import { Children } from '../release/children.mjs' */
/** @import { Browser } from './browser.mjs' */

/** What only this needs, and no install of the workspace therefore fetches. */
const versions = {
  'playwright-core': '1.65.1',
  vite: '8.3.8',
  webpack: '5.112.2',
  node20: '20.20.2',
  node22: '22.22.2',
  node24: '24.21.0',
};

/** @typedef {keyof typeof versions} Tool */

/** @typedef {ReturnType<typeof createTools>} Tools */

const debianChromium = '/usr/bin/chromium';

/** Tests run as root in containers, and nothing here may reach for the network. */
const chromiumArguments = [
  '--no-sandbox',
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/**
 * Programs that are installed when somebody first asks for them, each in a folder of its own.
 *
 * @param {string} folder
 * @param {Children} children
 */
export function createTools(folder, children) {
  /** @type {Map<string, Promise<string>>} */
  const installed = new Map();
  /** @type {Promise<Browser> | undefined} */
  let browser;

  /**
   * @param {Tool} tool
   * @returns {Promise<string>} the folder that has it in `node_modules`
   */
  function install(tool) {
    const known = installed.get(tool);
    if (known !== undefined) return known;
    const place = join(folder, tool);
    const coming = fetchTool(tool, place).then(() => place);
    installed.set(tool, coming);
    return coming;
  }

  /**
   * @param {Tool} tool
   * @param {string} place
   */
  async function fetchTool(tool, place) {
    mkdirSync(place, { recursive: true });
    const name = tool.startsWith('node') ? nodePackage() : tool;
    writeFileSync(join(place, 'package.json'), JSON.stringify({ dependencies: { [name]: versions[tool] } }));
    const args = ['install', '--silent', '--prefer-offline', '--ignore-scripts', ...quiet];
    await children.run('npm', args, { cwd: place, env: strangersEnvironment() });
  }

  async function launch() {
    const place = await install('playwright-core');
    const entry = createRequire(join(place, 'package.json')).resolve('playwright-core');
    const { chromium } = (await import(pathToFileURL(entry).href)).default;
    // Ctrl-C is for us: it would end this process before the folders are gone
    const quietly = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    return chromium.launch({ executablePath: findChromium(), args: chromiumArguments, ...quietly });
  }

  return {
    install,
    /**
     * @param {number} major of this Node or another
     * @returns {Promise<string>} the path of the program
     */
    async node(major) {
      if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
      const place = await install(/** @type {Tool} */ (`node${major}`));
      const windows = process.platform === 'win32';
      return join(place, 'node_modules', nodePackage(), 'bin', windows ? 'node.exe' : 'node');
    },
    /** One browser for all pages. */
    browser() {
      browser ??= launch();
      return browser;
    },
    async close() {
      const launched = await browser?.catch(() => undefined);
      await launched?.close();
    },
  };
}

/** The package that holds the real program, for this machine. */
function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}`;
}

/** @throws {Error} when there is no Chromium */
function findChromium() {
  const path = process.env['DIMP_CHROMIUM'] ?? debianChromium;
  if (!existsSync(path))
    throw new Error(`${path} is not there; install Chromium, or name one in DIMP_CHROMIUM`);
  return path;
}
