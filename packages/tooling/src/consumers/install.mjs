import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from '../workspace.mjs';
import { writePrograms } from './program.mjs';
import { findNoise } from './surroundings.mjs';

/** @import { Children } from '../release/children.mjs' */
/** @import { Consumer } from './list.mjs' */

/**
 * Where the packages come from: tarballs by name, or a registry.
 *
 * @typedef {{ readonly tarballs: ReadonlyMap<string, string> } | { readonly registry: string, readonly cache: string }} Source
 */

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

export const quiet = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier'];

/**
 * Makes a consumer's folder, and installs there what he asks for.
 *
 * @param {Consumer} consumer
 * @param {string} folder
 * @param {Source} source
 * @param {Children} children
 * @param {Environment} env
 * @returns {Promise<readonly string[]>} what is wrong
 */
export async function install(consumer, folder, source, children, env) {
  mkdirSync(folder, { recursive: true });
  const own = 'tarballs' in source ? source.tarballs : new Map();
  const asked = Object.fromEntries(consumer.installs.map(name => [name, own.get(name) ?? '*']));
  const range = 'registry' in source ? '*' : `^${workspaceVersion()}`;
  const third = consumer.thirdParty ? await packThirdParty(folder, range, children, env) : {};
  // what the tarballs need of each other is not published
  const overrides = Object.fromEntries([...own].filter(([name]) => !consumer.installs.includes(name)));
  const manifest = { private: true, type: 'module', dependencies: { ...asked, ...third }, overrides };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));

  const from = 'registry' in source ? fromRegistry(source) : ['--prefer-offline'];
  const options = { cwd: folder, env };
  const installed = await children.attempt(
    'npm',
    ['install', '--strict-peer-deps', ...quiet, ...from],
    options,
  );
  const noise = findNoise(installed.output, consumer.notices);
  if (installed.status !== 0) {
    // however many lines it took npm to say so
    return [[`npm install ended with ${installed.status}`, ...noise].join('\n')];
  }
  writePrograms(consumer, folder);

  // ends with 1 when something is missing, superfluous, or of a version that does not fit
  const tree = await children.attempt('npm', ['ls', '--all', '--json'], options);
  const found = listOurs(folder);
  return [
    ...noise,
    ...(tree.status === 0 ? [] : [`npm ls: ${tree.output.slice(0, 2000)}`]),
    ...found
      .filter(name => !consumer.finds.includes(name))
      .map(name => `finds ${name}, which nothing here needs`),
    ...consumer.finds.filter(name => !found.includes(name)).map(name => `does not find ${name}`),
    ...(hasCopies(folder) ? ['has a package of ours twice'] : []),
  ];
}

/**
 * A registry that the user's own settings name for our scope would be asked before the one for all.
 *
 * @param {{ readonly registry: string, readonly cache: string }} source
 */
function fromRegistry({ registry, cache }) {
  return [`--registry=${registry}`, `--@dimp:registry=${registry}`, `--cache=${cache}`];
}

/**
 * The packages of ours in a folder, sorted.
 *
 * @param {string} folder
 */
export function listOurs(folder) {
  const scope = join(folder, 'node_modules/@dimp');
  return existsSync(scope)
    ? readdirSync(scope)
        .map(name => `@dimp/${name}`)
        .sort()
    : [];
}

/** @param {string} folder */
function hasCopies(folder) {
  const lock = readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8');
  return /"node_modules\/.+\/node_modules\/@dimp\//.test(lock);
}

/**
 * A package by somebody else with a cipher, for `@dimp/crypto` as his users have it.
 *
 * @param {string} folder
 * @param {string} range of `@dimp/crypto`
 * @param {Children} children
 * @param {Environment} env
 */
async function packThirdParty(folder, range, children, env) {
  const place = join(folder, 'third-party');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), JSON.stringify(thirdParty(range)));
  writePrograms({ name: 'third-party/index' }, place, 'index');
  writeFileSync(join(place, 'index.d.ts'), declaration);
  await children.run('npm', ['pack', '--ignore-scripts'], { cwd: place, env });
  return { 'dimp-chacha': `file:${join(place, 'dimp-chacha-1.0.0.tgz')}` };
}

/** @returns {string} the version of `@dimp/crypto` that was packed */
function workspaceVersion() {
  return readJson(join(root, 'packages/crypto/package.json')).version;
}

/** @param {string} range of `@dimp/crypto` */
const thirdParty = range => ({
  name: 'dimp-chacha',
  version: '1.0.0',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  exports: { types: './index.d.ts', default: './index.js' },
  files: ['index.js', 'index.d.ts'],
  dependencies: { '@noble/ciphers': '^2.4.0' },
  peerDependencies: { '@dimp/crypto': range },
});

const declaration = `import type { SymmetricAlgorithm } from '@dimp/crypto';
export declare const chacha: SymmetricAlgorithm;
`;
