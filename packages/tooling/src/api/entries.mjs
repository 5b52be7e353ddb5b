import { join, sep } from 'node:path';

/** @import { Conditions, Package } from '../workspace.mjs' */

/**
 * The public entries of a package that have declarations: `@dimp/crypto/aes` and its file.
 *
 * @param {Package} pack
 * @returns {readonly { readonly title: string, readonly file: string }[]}
 */
export function listEntries({ dir, manifest }) {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    const types = findTypes(target);
    return types === undefined ? [] : [{ title: manifest.name + subpath.slice(1), file: join(dir, types) }];
  });
}

/**
 * @param {Conditions} target
 * @returns {string | undefined}
 */
function findTypes(target) {
  if (target === null || typeof target === 'string') return undefined;
  const { types } = target;
  if (typeof types === 'string') return types;
  return Object.values(target)
    .map(findTypes)
    .find(found => found !== undefined);
}

/**
 * The name of the package that a file belongs to, in the workspace or below node_modules.
 *
 * @param {string} file
 * @param {readonly Package[]} workspace
 * @returns {string | undefined}
 */
export function packageOf(file, workspace) {
  const own = workspace.find(pack => isDeclaredBy(file, pack));
  if (own !== undefined) return own.manifest.name;
  const names = [...file.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/g)].map(([, name]) => name);
  return names.at(-1);
}

/**
 * Whether a file is one of the built declarations of a package.
 *
 * @param {string} file as the compiler writes it, with slashes
 * @param {Package} pack
 */
export function isDeclaredBy(file, { dir }) {
  return file.startsWith(`${join(dir, 'dist').split(sep).join('/')}/`);
}
