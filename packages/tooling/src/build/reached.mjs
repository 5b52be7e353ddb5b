import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readJson } from '../workspace.mjs';
import { listTargets } from './layout.mjs';

/** @import { Manifest } from '../workspace.mjs' */

/**
 * The built files that a user can come to: the targets of package.json with the modules that these import, the
 * declarations of `exports` with those that these import, and the maps of all. Also those that are not there, as far
 * as others name them.
 *
 * @param {string} top the folder that holds `package.json` and `dist`
 * @param {Pick<Manifest, 'exports' | 'imports' | 'bin'>} manifest
 * @returns {ReadonlySet<string>} paths
 */
export function listReached(top, manifest) {
  const { exports = null, imports } = manifest;
  const code = walk(
    listTargets(manifest).map(path => join(top, path)),
    file => findAll(codeImports, file).map(path => resolve(dirname(file), path)),
  );
  const declarations = walk(
    listTargets({ exports }).map(path => declarationOf(join(top, path))),
    file =>
      findAll(typeImports, file).flatMap(path => {
        if (path.startsWith('.')) return [declarationOf(resolve(dirname(file), path))];
        // which of its targets counts depends on where the user's program is to run
        const target = typeof imports === 'object' ? imports?.[path] : undefined;
        return target === undefined
          ? []
          : listTargets({ exports: target }).map(to => declarationOf(join(top, to)));
      }),
  );
  return new Set([...code, ...declarations].flatMap(file => [file, `${file}.map`]));
}

/**
 * The sources that maps lead to.
 *
 * @param {Iterable<string>} files those that are no maps, or not there, name none
 * @returns {ReadonlySet<string>} paths
 */
export function listSources(files) {
  const maps = [...files].filter(file => file.endsWith('.map') && existsSync(file));
  return new Set(maps.flatMap(sourcesOf));
}

/**
 * The sources that a map leads to.
 *
 * @param {string} map
 * @returns {readonly string[]} paths
 */
export function sourcesOf(map) {
  const { sourceRoot = '', sources } = readJson(map);
  return sources.map((/** @type {string} */ name) => resolve(dirname(map), sourceRoot, name));
}

/** As esbuild writes them. */
const codeImports = /\b(?:from|import) ?\(?"(\.[^"]+)"/g;

/**
 * As the compiler writes them: statements at the start of a line, `import('./x.js')` in a type, and modules to whose
 * types something is added. Comments, whose lines are indented or start with a slash, are not meant.
 */
const typeImports =
  /^(?:import|export)\s(?:[\w\s{},*$]*?\sfrom\s)?['"]([.#][^'"]+)|\bimport\(['"]([.#][^'"]+)|^declare module ['"](\.[^'"]+)/gm;

/**
 * @param {RegExp} pattern
 * @param {string} file
 * @returns {string[]} what its groups find, none in a file that is not there
 */
function findAll(pattern, file) {
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(pattern)].flatMap(([, ...groups]) =>
    groups.filter(found => found !== undefined),
  );
}

/**
 * @param {readonly string[]} start
 * @param {(file: string) => readonly string[]} step
 */
function walk(start, step) {
  const found = new Set(start);
  // a set that grows while it is walked is walked to its new end
  for (const file of found) for (const next of step(file)) found.add(next);
  return found;
}

/** @param {string} module */
function declarationOf(module) {
  return module.replace(/\.js$/, '.d.ts');
}
