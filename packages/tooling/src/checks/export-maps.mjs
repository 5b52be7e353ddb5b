import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listPublicPackages, root } from '../workspace.mjs';

/** @import { Conditions, Package } from '../workspace.mjs' */

/** The condition under which the workspace reads sources; a published package does not have it. */
export const sourceCondition = '@dimp/source';

export const title = 'export maps';

/**
 * What the workspace resolves and what is published are the same but for the private condition, in `exports`
 * and in `imports` alike: pnpm puts those of `publishConfig` in their place when it packs. The private
 * condition comes first, and every source that it names is there.
 *
 * @param {string} [top]
 * @returns {string[]} what is wrong
 */
export function check(top = root) {
  return listPublicPackages(top).flatMap(pack => [
    ...checkMap(pack, 'exports'),
    ...checkMap(pack, 'imports'),
  ]);
}

/**
 * @param {Package} pack
 * @param {'exports' | 'imports'} field
 */
function checkMap({ name, dir, manifest }, field) {
  const place = `packages/${name}/package.json`;
  const own = manifest[field];
  const published = manifest.publishConfig?.[field];
  if (own === undefined && published === undefined) return [];
  const problems = [];
  if (own === undefined || published === undefined) {
    return [`${place}: ${field} and publishConfig.${field} must both be there`];
  }
  if (normal(own) !== normal(published)) {
    problems.push(`${place}: publishConfig.${field} differs from ${field} without "${sourceCondition}"`);
  }
  if (JSON.stringify(published).includes(sourceCondition)) {
    problems.push(`${place}: publishConfig.${field} shows "${sourceCondition}" to the world`);
  }
  for (const [entry, target] of entries(own)) {
    if (entry === './package.json') continue;
    const targets = leaves(target);
    const sources = targets.filter(({ conditions }) => conditions.includes(sourceCondition));
    if (sources.length === 0) problems.push(`${place}: ${field} "${entry}" has no "${sourceCondition}"`);
    for (const { path } of sources) {
      if (!existsSync(join(dir, path)))
        problems.push(`${place}: ${field} "${entry}" names ${path}, which is not there`);
    }
    problems.push(...checkOrder(target).map(problem => `${place}: ${field} "${entry}" ${problem}`));
  }
  return problems;
}

/**
 * The private condition must come before anything that could hide it, `types` before what is left, `default` last.
 *
 * @param {Conditions} target
 * @returns {string[]}
 */
function checkOrder(target) {
  if (target === null || typeof target === 'string') return [];
  const keys = Object.keys(target);
  const wanted = keys.toSorted((a, b) => rank(a) - rank(b));
  return [
    ...(keys.join() === wanted.join()
      ? []
      : [`should have its conditions in the order ${wanted.join(', ')}`]),
    ...Object.values(target).flatMap(checkOrder),
  ];
}

/** @param {string} condition */
function rank(condition) {
  if (condition === sourceCondition) return 0;
  if (condition === 'types') return 1;
  return condition === 'default' ? 3 : 2;
}

/**
 * A map without the private condition, as text that ignores nothing but lone defaults.
 *
 * @param {Conditions} map
 */
function normal(map) {
  return JSON.stringify(strip(map));
}

/**
 * @param {Conditions} map
 * @returns {Conditions}
 */
function strip(map) {
  if (map === null || typeof map === 'string') return map;
  const kept = entries(map)
    .filter(([key]) => key !== sourceCondition)
    .map(([key, value]) => /** @type {const} */ ([key, strip(value)]));
  const [only] = kept;
  return kept.length === 1 && only?.[0] === 'default' ? only[1] : Object.fromEntries(kept);
}

/**
 * @param {Conditions} target
 * @param {readonly string[]} conditions those on the way
 * @returns {{ readonly conditions: readonly string[], readonly path: string }[]}
 */
function leaves(target, conditions = []) {
  if (target === null) return [];
  if (typeof target === 'string') return [{ conditions, path: target }];
  return entries(target).flatMap(([key, value]) => leaves(value, [...conditions, key]));
}

/**
 * @param {Conditions} map
 * @returns {[string, Conditions][]}
 */
function entries(map) {
  return map === null || typeof map === 'string' ? [] : Object.entries(map);
}
