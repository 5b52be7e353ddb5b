import { join } from 'node:path';
import { readJson } from '../workspace.mjs';
import { listOurs } from './install.mjs';

/**
 * Everything that can be imported from the packages of ours in a folder: `@dimp/crypto`, `@dimp/crypto/aes`, …
 *
 * @param {string} folder
 * @returns {readonly string[]}
 */
export function listEntries(folder) {
  return listOurs(folder).flatMap(name => {
    const { exports } = readJson(join(folder, 'node_modules', name, 'package.json'));
    return Object.keys(exports)
      .filter(subpath => !subpath.endsWith('.json'))
      .map(subpath => name + subpath.slice(1));
  });
}
