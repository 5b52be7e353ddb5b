/**
 * Somebody who installs packages of ours, and what he does with them.
 *
 * @typedef {{
 *   readonly name: string,
 *   readonly installs: readonly string[],
 *   readonly finds: readonly string[],
 *   readonly runsIn: readonly ('node' | 'browser')[],
 *   readonly expects: unknown,
 *   readonly thirdParty?: boolean,
 *   readonly notices?: RegExp,
 *   readonly bin?: { readonly name: string, readonly of: string },
 *   readonly unused?: { readonly program: string, readonly leavesOut: readonly string[] },
 * }} Consumer
 *
 * `installs` is what he asks for, `finds` every package of ours that he then has. `programs/<name>.ts` is his program;
 * `expects` is what its `run` gives. `notices` are lines of npm that a package of others causes. `unused` is a program that
 * needs only a part, and texts of the rest that must not be in its bundle while they are in that of the whole.
 */

const belowSdk = ['core', 'crypto', 'crypto-node', 'crypto-web', 'dkd', 'mkm'].map(name => `@dimp/${name}`);
const withSdk = [...belowSdk, '@dimp/sdk'];

/** LevelDB comes built; its install script would only build it anew. */
const levelNotice = /^npm warn install-scripts(?:$| {2}| 1 package has | Run `|.*\bclassic-level@)/;

const heard = { signature: 'ECC', encryption: 'AES', bound: true, text: 'Hello Bob' };

/** @type {readonly Consumer[]} */
export const consumers = [
  {
    name: 'mkm',
    installs: ['@dimp/mkm'],
    finds: ['@dimp/crypto', '@dimp/mkm'],
    runsIn: ['node', 'browser'],
    expects: { published: 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', name: 'Alice', foreign: false },
  },
  {
    name: 'dkd',
    installs: ['@dimp/dkd'],
    finds: ['@dimp/crypto', '@dimp/dkd', '@dimp/mkm'],
    runsIn: ['node', 'browser'],
    expects: { published: 'hello', same: true, altered: false },
  },
  {
    name: 'sdk',
    installs: ['@dimp/sdk', '@dimp/core', '@dimp/dkd'],
    finds: withSdk,
    runsIn: ['node', 'browser'],
    expects: { heard, published: 'hello' },
    unused: { program: 'part', leavesOut: ['RSA PRIVATE KEY', 'EC PRIVATE KEY'] },
  },
  {
    name: 'own-crypto',
    installs: ['@dimp/sdk', '@dimp/core', '@dimp/dkd'],
    finds: withSdk,
    thirdParty: true,
    runsIn: ['node', 'browser'],
    expects: { heard: { ...heard, encryption: 'CHACHA20' }, failed: [] },
  },
  {
    name: 'store',
    installs: ['@dimp/store', '@dimp/sdk', '@dimp/dkd'],
    finds: [...withSdk, '@dimp/store'],
    runsIn: ['node', 'browser'],
    expects: { protection: 'sealed', again: true, wrongPassphrase: 'ERR_STORE_PASSPHRASE' },
    notices: levelNotice,
  },
  {
    name: 'client',
    installs: ['@dimp/client', '@dimp/sdk'],
    finds: [...withSdk, '@dimp/client'],
    runsIn: ['node', 'browser'],
    expects: { before: 'idle', after: 'closed' },
  },
  {
    name: 'station',
    installs: ['@dimp/station', '@dimp/client', '@dimp/sdk', '@dimp/dkd'],
    finds: [...withSdk, '@dimp/client', '@dimp/station', '@dimp/store'],
    runsIn: ['node'],
    expects: { heard, sessions: 2 },
    notices: levelNotice,
    bin: { name: 'dims', of: '@dimp/station' },
  },
];
