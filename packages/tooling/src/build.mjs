// Builds packages and all that they are built on. `tsc -b` checks them and writes the declarations, and the JavaScript
// of the private ones; the JavaScript of the public ones is bundled, see build/javascript.mjs. What of it is published
// is in build/left-out.mjs.
//
//   node packages/tooling/src/build.mjs [FOLDER ...]     folders of packages; every package when none is named
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeJavaScript } from './build/javascript.mjs';
import { writeLeftOut } from './build/left-out.mjs';
import { listPackages, runScript } from './workspace.mjs';

/** @import { Package } from './workspace.mjs' */

/**
 * @param {readonly string[]} folders
 * @returns {Promise<readonly string[]>} what is wrong
 */
export async function build(folders = []) {
  const everything = listPackages();
  const named = folders.map(folder => resolve(folder));
  const strange = named.filter(folder => everything.every(({ dir }) => dir !== folder));
  if (strange.length > 0) return strange.map(folder => `${folder} is no package of this workspace`);
  const packages =
    named.length === 0
      ? everything
      : withDependencies(
          everything.filter(({ dir }) => named.includes(dir)),
          everything,
        );

  const projects = packages.map(({ dir }) => join(dir, 'tsconfig.build.json')).filter(existsSync);
  const checked = runScript('node_modules/typescript/bin/tsc', ['-b', ...projects]);
  const bundled = packages.filter(({ manifest }) => manifest.private !== true);
  const written = await Promise.all(bundled.map(({ dir, manifest }) => writeJavaScript(dir, manifest)));
  for (const { dir, manifest } of bundled) writeLeftOut(dir, manifest);
  return [...checked, ...written.flat()];
}

/**
 * Packages and what they need, at whatever distance.
 *
 * @param {readonly Package[]} packages
 * @param {readonly Package[]} everything
 */
export function withDependencies(packages, everything) {
  const found = new Set(packages);
  // a set that grows while it is walked is walked to its new end
  for (const { manifest } of found) {
    const needed = Object.keys(manifest.dependencies ?? {});
    for (const pack of everything) if (needed.includes(pack.manifest.name)) found.add(pack);
  }
  return [...found];
}

if (process.argv[1] === import.meta.filename) {
  const problems = await build(process.argv.slice(2));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
