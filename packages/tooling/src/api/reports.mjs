import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPublicPackages, root } from '../workspace.mjs';
import { compareReport, formatReport } from './report.mjs';
import { readSurfaces } from './surface.mjs';

/** @import { Package } from '../workspace.mjs' */

const folder = join(root, 'packages/tooling/api');
const ending = '.api.md';

/**
 * What the committed reports and the built packages differ in.
 *
 * @returns {readonly string[]} a line for each package, none when all is as committed
 */
export function compareReports() {
  const packages = listPublicPackages();
  return [
    ...readSurfaces(packages).flatMap((surface, index) => {
      const path = pathOf(packages[index]?.name ?? '');
      return compareReport(existsSync(path) ? readFileSync(path, 'utf8') : undefined, surface);
    }),
    ...listStale().map(name => `${name}${ending} is the report of no public package`),
  ];
}

/**
 * Writes the reports of packages, and removes those of packages that are no more.
 *
 * @param {readonly Package[]} packages built ones
 * @returns {readonly string[]} what changed, a line for each package
 */
export function writeReports(packages) {
  mkdirSync(folder, { recursive: true });
  const changed = readSurfaces(packages).flatMap((surface, index) => {
    const path = pathOf(packages[index]?.name ?? '');
    const changes = compareReport(existsSync(path) ? readFileSync(path, 'utf8') : undefined, surface);
    if (changes.length > 0) writeFileSync(path, formatReport(surface));
    return changes;
  });
  const stale = listStale();
  for (const name of stale) rmSync(pathOf(name));
  return [...changed, ...stale.map(name => `${name}${ending} removed, as it has no package`)];
}

/** @param {string} name of the package's folder */
function pathOf(name) {
  return join(folder, `${name}${ending}`);
}

function listStale() {
  if (!existsSync(folder)) return [];
  const known = new Set(listPublicPackages().map(({ name }) => name));
  return readdirSync(folder)
    .filter(file => file.endsWith(ending))
    .map(file => file.slice(0, -ending.length))
    .filter(name => !known.has(name));
}
