import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withSlashes } from '../platform.mjs';
import { listFiles } from '../workspace.mjs';
import { listReached, listSources } from './reached.mjs';

/** @import { Manifest } from '../workspace.mjs' */

/**
 * Writes down what a package does not publish: of `dist` the declarations that no user can come to, since the compiler
 * makes one of each source; of `src` what no published map leads to. npm and pnpm read `.npmignore` in the folders that
 * package.json names under `files`.
 *
 * @param {string} dir the package's folder, built
 * @param {Manifest} manifest
 */
export function writeLeftOut(dir, manifest) {
  const reached = listReached(dir, manifest);
  write(join(dir, 'dist'), reached);
  write(join(dir, 'src'), listSources(reached));
}

/**
 * @param {string} folder
 * @param {ReadonlySet<string>} published
 */
function write(folder, published) {
  const left = listFiles(folder).filter(file => !published.has(file));
  const text = left.map(file => `/${withSlashes(relative(folder, file))}\n`).join('');
  const list = join(folder, '.npmignore');
  const before = existsSync(list) ? readFileSync(list, 'utf8') : '';
  if (text === before) return;
  if (text === '') rmSync(list);
  else writeFileSync(list, text);
}
