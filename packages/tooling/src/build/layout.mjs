import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** @import { Metafile, Plugin } from 'esbuild' */
/** @import { Conditions, Manifest } from '../workspace.mjs' */

/** The folder below `dist` of what several entries share. */
export const chunks = 'chunks';

/**
 * The modules that `exports`, `imports` and `bin` lead to, each once: `./dist/index.js`.
 *
 * @param {Pick<Manifest, 'exports' | 'imports' | 'bin'>} manifest
 * @returns {readonly string[]}
 */
export function listTargets({ exports, imports, bin }) {
  const found = [exports, imports, bin]
    .flatMap(map => leaves(map ?? null))
    .filter(path => path.endsWith('.js'));
  return [...new Set(found)];
}

/**
 * The source of a built module: `./src/index.ts` for `./dist/index.js`.
 *
 * @param {string} target
 */
export function sourceOf(target) {
  return target.replace(/^\.\/dist\//, './src/').replace(/\.js$/, '.ts');
}

/**
 * An entry that another one imports stays a module of its own, imported by its public name. Without this its code
 * would go to a chunk, and the entry would be one more file that hands it on.
 *
 * @param {string} dir
 * @param {Manifest} manifest
 * @returns {Plugin}
 */
export function entriesApart(dir, { name, exports }) {
  const names = new Map(
    Object.entries(exports ?? {}).flatMap(([subpath, target]) =>
      listTargets({ exports: target }).map(path => [join(dir, sourceOf(path)), posix.join(name, subpath)]),
    ),
  );
  return {
    name: 'entries apart',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const entry = names.get(join(resolveDir, path.replace(/\.js$/, '.ts')));
        return kind === 'entry-point' || entry === undefined ? undefined : { path: entry, external: true };
      });
    },
  };
}

/**
 * The sources that several entries share and that need nothing outside of the package: to load all of them costs
 * nobody more than a file.
 *
 * @param {Metafile} metafile of a build with a chunk for each set of entries
 * @returns {readonly string[]} relative to the package
 */
export function findShared({ inputs, outputs }) {
  /** @type {(file: string) => boolean} */
  const isAlone = file =>
    inputs[file]?.imports.every(({ path, external }) => external !== true && isAlone(path)) ?? false;
  return Object.entries(outputs)
    .filter(([path]) => path.startsWith(`dist/${chunks}/`))
    .flatMap(([, output]) => Object.keys(output.inputs))
    .filter(isAlone)
    .sort();
}

/**
 * Every target imports all of these modules, and so they come to lie in one chunk.
 *
 * @param {string} dir
 * @param {Manifest} manifest
 * @param {readonly string[]} shared sources, relative to `dir`
 * @returns {Plugin}
 */
export function sharedTogether(dir, manifest, shared) {
  const entries = new Set(listTargets(manifest).map(target => join(dir, sourceOf(target))));
  const imports = shared.map(file => `import 'shared:${file}';`).join('');
  return {
    name: 'shared together',
    setup({ onResolve, onLoad }) {
      if (shared.length === 0) return;
      // on one line behind the last, so that the maps stay right; kept although nothing is used of them
      onResolve({ filter: /^shared:/ }, ({ path }) => ({
        path: join(dir, path.slice('shared:'.length)),
        sideEffects: true,
      }));
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        entries.has(path) ? { contents: readFileSync(path, 'utf8') + imports, loader: 'ts' } : undefined,
      );
    },
  };
}

/**
 * @param {Conditions} target
 * @returns {string[]}
 */
function leaves(target) {
  if (target === null) return [];
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(leaves);
}
