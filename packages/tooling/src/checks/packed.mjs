import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { listTargets } from '../build/layout.mjs';
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
  const files = readdirSync(top, { recursive: true }).map(String);
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
 * The built files of a package and its sources belong together: every module has its declarations, every target of
 * package.json its code, the maps lead to sources that are shipped, and nothing is left of an earlier build.
 *
 * @param {string} top the folder that holds `package.json`, `src` and `dist`
 * @returns {string[]} what is wrong
 */
export function checkBuilt(top) {
  const built = new Set(listFiles(join(top, 'dist')));
  const sources = new Set(listFiles(join(top, 'src')));
  const declarations = [...sources].flatMap(source => {
    const base = join(top, 'dist', relative(join(top, 'src'), source)).replace(/\.ts$/, '');
    return ['.d.ts', '.d.ts.map'].map(ending => base + ending);
  });
  const code = listCode(top, built).flatMap(file => [file, `${file}.map`]);
  const expected = new Set([...declarations, ...code]);
  const place = (/** @type {string} */ file) => relative(top, file);
  return [
    ...(sources.size === 0 ? ['lacks src'] : []),
    ...[...expected].filter(file => !built.has(file)).map(file => `lacks ${place(file)}`),
    ...[...built]
      .filter(file => !expected.has(file))
      .map(file => `holds ${place(file)}, which belongs to no source; delete dist and build again`),
    ...[...built]
      .filter(file => file.endsWith('.map'))
      .flatMap(file => {
        const { sourceRoot = '', sources: named } = readJson(file);
        return named
          .filter((/** @type {string} */ name) => !sources.has(resolve(dirname(file), sourceRoot, name)))
          .map((/** @type {string} */ name) => `maps ${place(file)} to ${name}, which it does not hold`);
      }),
  ];
}

/**
 * The targets of package.json, and the files that they and these import.
 *
 * @param {string} top
 * @param {ReadonlySet<string>} built
 */
function listCode(top, built) {
  const found = new Set(listTargets(readJson(join(top, 'package.json'))).map(path => join(top, path)));
  // a set that grows while it is walked is walked to its new end
  for (const file of found) {
    if (!built.has(file)) continue;
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import) "(\.[^"]+)"/g)) {
      found.add(resolve(dirname(file), path));
    }
  }
  return [...found];
}
