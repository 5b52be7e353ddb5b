import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @import { Package } from '../workspace.mjs' */
/** @import { Children, RunOptions } from './children.mjs' */

/**
 * The environment of programs that may know one registry only: nothing of the user's own settings of npm and pnpm,
 * among them his tokens, is left in it.
 *
 * @param {string} folder where a settings file and a cache may lie
 * @param {string} url
 * @returns {Readonly<Record<string, string | undefined>>}
 */
export function registryEnv(folder, url) {
  const settings = join(folder, 'npmrc');
  const home = join(folder, 'settings');
  mkdirSync(home, { recursive: true });
  // npm does not publish without a token; this registry takes any
  writeFileSync(settings, `registry=${url}\n${url.replace(/^http:/, '')}:_authToken=anonymous\n`);
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:p?npm_config_|npm_token$|node_auth_token$)/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    NPM_CONFIG_USERCONFIG: settings,
    NPM_CONFIG_GLOBALCONFIG: join(home, 'npmrc'),
    NPM_CONFIG_CACHE: join(folder, 'cache'),
    PNPM_CONFIG_REGISTRY: url,
    XDG_CONFIG_HOME: home,
    CI: 'true',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
  };
}

/**
 * Makes sure, before anything is published, that npm and pnpm know no other registry in that environment.
 *
 * @param {string} url
 * @param {readonly Package[]} packages
 * @param {Children} children
 * @param {RunOptions} options
 * @throws {Error} when one does
 */
export async function checkRegistry(url, packages, children, options) {
  for (const command of ['npm', 'pnpm']) {
    const common = (await children.run(command, ['config', 'get', 'registry'], options)).trim();
    const scoped = (await children.run(command, ['config', 'get', '@dimp:registry'], options)).trim();
    for (const found of [common, scoped].filter(text => text !== '' && text !== 'undefined')) {
      if (found !== url) throw new Error(`${command} would publish to another registry than ${url}`);
    }
    if (common !== url) throw new Error(`${command} does not know the registry ${url}`);
  }
  for (const { manifest } of packages) {
    if (manifest.publishConfig?.registry !== undefined) {
      throw new Error(`publishConfig of ${manifest.name} names a registry`);
    }
  }
}
