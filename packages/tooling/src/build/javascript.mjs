import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { listFiles } from '../workspace.mjs';
import { chunks, entriesApart, findShared, listTargets, sharedTogether, sourceOf } from './layout.mjs';
import { markPure } from './pure.mjs';

/** @import { BuildOptions, Message } from 'esbuild' */
/** @import { Manifest } from '../workspace.mjs' */

/**
 * Writes the JavaScript of a package from `src` to `dist`: a module for each target that its package.json names, and
 * few chunks of what these share. Every module file costs a program of Node some 0.3 ms when it starts, and the sdk
 * with all below it has two hundred sources; the README has the figures.
 *
 * Nothing is minified, so that a user can read it and step through it, and the maps lead to `src`, which is shipped.
 * What a build before this one left in `dist` is removed, and a file that is as it was is not touched.
 *
 * @param {string} dir the package's folder
 * @param {Manifest} manifest
 * @returns {Promise<readonly string[]>} what is wrong
 */
export async function writeJavaScript(dir, manifest) {
  try {
    const written = await bundle(dir, manifest);
    for (const [path, text] of written) {
      if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    for (const file of listFiles(join(dir, 'dist'))) {
      if (!written.has(file) && !isDeclaration(file, dir)) rmSync(file);
    }
    return [];
  } catch (error) {
    const { errors } = /** @type {{ readonly errors?: readonly Message[] }} */ (error);
    if (errors === undefined) throw error;
    return errors.map(({ text, location }) => `${manifest.name}: ${location?.file ?? ''} ${text}`);
  }
}

/**
 * @param {string} dir
 * @param {Manifest} manifest
 * @returns {Promise<Map<string, string>>} the text of each file by its path
 */
async function bundle(dir, manifest) {
  const apart = entriesApart(dir, manifest);
  const { metafile } = await build({ ...optionsFor(dir, manifest), metafile: true, plugins: [apart] });
  const together = sharedTogether(dir, manifest, findShared(metafile));
  const { outputFiles } = await build({ ...optionsFor(dir, manifest), plugins: [apart, together] });
  return new Map(outputFiles.map(({ path, text }) => [path, path.endsWith('.js') ? markPure(text) : text]));
}

/**
 * @param {string} dir
 * @param {Manifest} manifest
 */
function optionsFor(dir, manifest) {
  return /** @type {const} @satisfies {BuildOptions} */ ({
    absWorkingDir: dir,
    entryPoints: listTargets(manifest).map(sourceOf),
    outbase: 'src',
    outdir: 'dist',
    chunkNames: `${chunks}/[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    packages: 'external',
    // a name with # is looked up where the package runs, as package.json says
    external: ['#*', 'node:*'],
    sourcemap: true,
    sourcesContent: false,
    write: false,
    logLevel: 'silent',
  });
}

/**
 * Whether a source that is there makes this file of `dist`.
 *
 * @param {string} file
 * @param {string} dir
 */
function isDeclaration(file, dir) {
  const [, base] = /^(.*)\.d\.ts(?:\.map)?$/.exec(relative(join(dir, 'dist'), file)) ?? [];
  return base !== undefined && existsSync(join(dir, 'src', `${base}.ts`));
}
