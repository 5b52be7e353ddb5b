import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../build.mjs';
import { listPublicPackages } from '../workspace.mjs';
import { forEach } from './pool.mjs';

/** @import { Children } from '../release/children.mjs' */

/**
 * Every public package as pnpm would publish it.
 *
 * @param {string} folder for the tarballs
 * @param {Children} children
 * @returns {Promise<ReadonlyMap<string, string>>} what npm installs, by the name of the package: `file:…`
 * @throws {Error} when one cannot be built or packed
 */
export async function packAll(folder, children) {
  // before, so that the builds of `prepack`, which come at the same time, have nothing to write
  const packages = listPublicPackages();
  const problems = await build(packages.map(({ dir }) => dir));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  /** @type {Map<string, string>} */
  const packed = new Map();
  await forEach(packages, async ({ name, dir, manifest }) => {
    const destination = join(folder, name);
    await children.run('pnpm', ['pack', '--pack-destination', destination], { cwd: dir });
    const tarball = existsSync(destination) && readdirSync(destination).find(file => file.endsWith('.tgz'));
    if (!tarball) throw new Error(`pnpm pack left no tarball of ${manifest.name}`);
    packed.set(manifest.name, `file:${join(destination, tarball)}`);
  });
  return packed;
}
