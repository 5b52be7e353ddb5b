import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { withSlashes } from '../platform.mjs';
import { listFiles, listPackages, readJson, root } from '../workspace.mjs';

/** @import { Package } from '../workspace.mjs' */

const belowSdk = ['crypto', 'mkm', 'dkd', 'core', 'crypto-node', 'crypto-web'];
const upToStore = [...belowSdk, 'sdk', 'store'];

/** The packages that each package may name. The private ones of `onTop` may name all of these. */
const layers = new Map([
  ['crypto', []],
  ['mkm', ['crypto']],
  ['dkd', ['crypto', 'mkm']],
  ['core', ['crypto', 'mkm', 'dkd']],
  ['crypto-node', ['crypto']],
  ['crypto-web', ['crypto']],
  ['sdk', belowSdk],
  ['store', [...belowSdk, 'sdk']],
  ['station', upToStore],
  ['client', [...belowSdk, 'sdk']],
  ['cli', [...upToStore, 'station', 'client']],
  ['web', [...upToStore, 'client']],
]);

const onTop = ['bench', 'demo', 'docs', 'e2e', 'interop', 'tooling'];

/** What a README may name beside: who has a way to stations shows it with one, and where it is kept. */
const companions = new Map([
  ['client', ['store', 'station']],
  ['station', ['client']],
]);

/** The name of the private condition in `exports` looks like a package and is none. */
const sourceCondition = 'source';

export const title = 'layers';

/**
 * A lower package never names a higher one: not in its manifest, its sources, its tests or its README.
 *
 * @param {string} [top]
 * @returns {string[]} what is wrong
 */
export function check(top = root) {
  const lint = readJson(join(top, 'biome.json'));
  return listPackages(top).flatMap(pack => {
    const allowed = allowedFor(pack.name);
    if (allowed === undefined)
      return [`packages/${pack.name} has no place in the layers of checks/layers.mjs`];
    return [
      ...checkManifest(pack, allowed),
      ...checkFiles(pack, allowed, top),
      ...(layers.has(pack.name) ? checkLint(pack, allowed, lint) : []),
    ];
  });
}

/**
 * @param {string} name
 * @returns {readonly string[] | undefined}
 */
function allowedFor(name) {
  return onTop.includes(name) ? [...layers.keys()] : layers.get(name);
}

/**
 * @param {Package} pack
 * @param {readonly string[]} allowed
 */
function checkManifest({ name, manifest }, allowed) {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  return Object.entries({ ...dependencies, ...devDependencies, ...peerDependencies, ...optionalDependencies })
    .filter(([dependency]) => dependency.startsWith('@dimp/'))
    .flatMap(([dependency, range]) => [
      ...(allowed.includes(dependency.slice('@dimp/'.length))
        ? []
        : [`packages/${name}/package.json depends on ${dependency}; ${may(name, allowed)}`]),
      ...(range === 'workspace:^'
        ? []
        : [`packages/${name}/package.json asks for ${dependency} ${range}; write workspace:^`]),
    ]);
}

/**
 * @param {Package} pack
 * @param {readonly string[]} allowed
 * @param {string} top
 */
function checkFiles({ name, dir }, allowed, top) {
  const readme = join(dir, 'README.md');
  const files = [
    ...listFiles(join(dir, 'src')),
    ...listFiles(join(dir, 'test')),
    ...(existsSync(readme) ? [readme] : []),
  ].filter(isText);
  return files.flatMap(file =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const place = `${withSlashes(relative(top, file))}:${index + 1}`;
        const named = [...line.matchAll(/@dimp\/([a-z0-9-]+)/g)].map(([, other]) => other ?? '');
        const reached = [...line.matchAll(/(?:\bfrom|\bimport)[\s(]*['"](\.[^'"]*)['"]/g)].map(
          ([, to]) => to ?? '',
        );
        const welcome = file === readme ? [...allowed, ...(companions.get(name) ?? [])] : allowed;
        return [
          ...named
            .filter(other => other !== name && other !== sourceCondition && !welcome.includes(other))
            // what stands on top holds fixtures and tables that name everything
            .filter(() => !onTop.includes(name))
            .map(other => `${place} names @dimp/${other}; ${may(name, allowed)}`),
          ...reached
            .filter(to => !resolve(dirname(file), to).startsWith(dir + sep))
            .filter(() => name !== 'tooling')
            .map(to => `${place} imports ${to}, a file of another package; import it by name`),
        ];
      }),
  );
}

/**
 * The editor shows Biome's message; it must follow the same table.
 *
 * @param {Package} pack
 * @param {readonly string[]} allowed
 * @param {any} lint biome.json
 */
function checkLint({ name }, allowed, lint) {
  const expected = [
    '@dimp/**',
    ...[name, ...allowed].flatMap(other => [`!@dimp/${other}`, `!@dimp/${other}/**`]),
  ];
  const found = (lint.overrides ?? [])
    .filter((/** @type {any} */ override) => override.includes?.includes(`packages/${name}/**`))
    .flatMap(
      (/** @type {any} */ override) =>
        override.linter?.rules?.style?.noRestrictedImports?.options?.patterns ?? [],
    )
    .flatMap((/** @type {any} */ pattern) => pattern.group);
  return JSON.stringify(found.toSorted()) === JSON.stringify(expected.toSorted())
    ? []
    : [`biome.json: noRestrictedImports of packages/${name}/** should list ${JSON.stringify(expected)}`];
}

/**
 * @param {string} name
 * @param {readonly string[]} allowed
 */
function may(name, allowed) {
  return `${name} may name ${allowed.length === 0 ? 'no other package' : allowed.join(', ')}`;
}

/** @param {string} file */
function isText(file) {
  return /\.(ts|mjs|md)$/.test(file);
}
