import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPublicPackages, readJson, run, runScript } from '../workspace.mjs';
import { sourceCondition } from './export-maps.mjs';

/** @import { Package } from '../workspace.mjs' */

export const title = 'packed packages (publint, attw)';

/**
 * Every public package as pnpm would publish it.
 *
 * @returns {string[]} what is wrong
 */
export function check() {
  const folder = mkdtempSync(join(tmpdir(), 'dimp-packed-'));
  try {
    return listPublicPackages().flatMap(pack => checkPackage(pack, join(folder, pack.name)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {Package} pack
 * @param {string} folder
 */
function checkPackage({ name, dir }, folder) {
  const failed = run('pnpm', ['pack', '--pack-destination', folder], { cwd: dir });
  if (failed.length > 0) return failed;
  const tarball = join(folder, readdirSync(folder).find(file => file.endsWith('.tgz')) ?? '');
  return [
    ...runScript('packages/tooling/node_modules/publint/src/cli.js', ['run', tarball, '--strict']),
    ...runScript('packages/tooling/node_modules/@arethetypeswrong/cli/dist/index.js', [
      tarball,
      '--profile=esm-only',
      '--no-emoji',
    ]),
    ...checkContents(folder, tarball).map(problem => `${name}: the packed ${problem}`),
  ];
}

/**
 * @param {string} folder
 * @param {string} tarball
 */
function checkContents(folder, tarball) {
  const failed = run('tar', ['-xzf', tarball, '-C', folder]);
  if (failed.length > 0) return failed;
  const top = join(folder, 'package');
  const files = readdirSync(top, { recursive: true }).map(String);
  const manifest = JSON.stringify(readJson(join(top, 'package.json')));
  return [
    ...['README.md', 'LICENSE'].filter(file => !files.includes(file)).map(file => `package lacks ${file}`),
    ...files.filter(file => file.endsWith('.tsbuildinfo')).map(file => `package holds ${file}`),
    ...[sourceCondition, 'workspace:']
      .filter(text => manifest.includes(text))
      .map(text => `package.json holds "${text}"`),
  ];
}
