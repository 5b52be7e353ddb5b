import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../workspace.mjs';

/** @import { Use } from '../consumers/uses.mjs' */

/**
 * What consumers need not look at before there is a release: that every package came in the version that was released,
 * and that its changelog tells of it.
 *
 * @param {ReadonlyMap<string, string>} versions by the name of the package
 * @returns {Use}
 */
export function carriesVersions(versions) {
  return {
    name: 'versions',
    about: 'every package in the version that was released',
    quick: false,
    // it has every package
    of: ({ name }) => name === 'station',
    run: async ({ folder }) =>
      [...versions].flatMap(([name, version]) =>
        checkInstalled(join(folder, 'node_modules', name), name, version),
      ),
  };
}

/**
 * @param {string} dir
 * @param {string} name
 * @param {string} expected
 * @returns {readonly string[]} what is wrong
 */
function checkInstalled(dir, name, expected) {
  if (!existsSync(dir)) return [`${name} is not installed`];
  const manifest = readJson(join(dir, 'package.json'));
  const changelog = readFileSync(join(dir, 'CHANGELOG.md'), 'utf8');
  return [
    ...(manifest.version === expected ? [] : [`${name} is ${manifest.version} and not ${expected}`]),
    ...(changelog.includes(`\n## ${expected}\n`)
      ? []
      : [`the CHANGELOG.md of ${name} says nothing of ${expected}`]),
    ...(JSON.stringify(manifest).includes('workspace:') ? [`${name} asks for workspace:`] : []),
  ];
}
