import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { listReached, listSources, sourcesOf } from '../build/reached.mjs';
import { withSlashes } from '../platform.mjs';
import { listFiles, listPublicPackages, readJson, run, runScript } from '../workspace.mjs';
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
  const files = readdirSync(top, { recursive: true }).map(file => withSlashes(String(file)));
  const manifest = JSON.stringify(readJson(join(top, 'package.json')));
  return [
    ...['README.md', 'LICENSE'].filter(file => !files.includes(file)).map(file => `package lacks ${file}`),
    ...files
      .filter(file => /\.tsbuildinfo$|(^|\/)(test|node_modules)\/|\.test\./.test(file))
      .map(file => `package holds ${file}`),
    ...checkBuilt(top).map(problem => `package ${problem}`),
    ...[sourceCondition, 'workspace:']
      .filter(text => manifest.includes(text))
      .map(text => `package.json holds "${text}"`),
  ];
}

/**
 * The built files of a package and its sources belong together: everything that package.json leads to is there with
 * its map, the maps lead to sources that are there, and nothing else is.
 *
 * @param {string} top the folder that holds `package.json`, `src` and `dist`
 * @returns {string[]} what is wrong
 */
export function checkBuilt(top) {
  const built = new Set(listFiles(join(top, 'dist')));
  const sources = new Set(listFiles(join(top, 'src')));
  const reached = listReached(top, readJson(join(top, 'package.json')));
  const mapped = listSources(reached);
  const place = (/** @type {string} */ file) => withSlashes(relative(top, file));
  return [
    ...(sources.size === 0 ? ['lacks src'] : []),
    ...[...reached].filter(file => !built.has(file)).map(file => `lacks ${place(file)}`),
    ...[...built]
      .filter(file => !reached.has(file))
      .map(file => `holds ${place(file)}, to which nothing in package.json leads`),
    ...[...sources]
      .filter(file => !mapped.has(file))
      .map(file => `holds ${place(file)}, to which no map leads`),
    ...[...reached]
      .filter(file => file.endsWith('.map') && built.has(file))
      .flatMap(file =>
        sourcesOf(file)
          .filter(source => !sources.has(source))
          .map(source => `maps ${place(file)} to ${place(source)}, which it does not hold`),
      ),
  ];
}
