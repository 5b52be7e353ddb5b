import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {'patch' | 'minor' | 'major'} Bump */

/**
 * A package as far as its version goes. Dependencies on others of the workspace follow their versions with a caret.
 *
 * @typedef {{ readonly name: string, readonly version: string, readonly dependencies: readonly string[] }} Versioned
 */

/** @type {readonly Bump[]} */
const bumps = ['patch', 'minor', 'major'];

/**
 * What the changesets of a folder ask for: the largest bump of each package.
 *
 * @param {string} folder
 * @returns {Map<string, Bump>}
 */
export function readChangesets(folder) {
  const found = new Map();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.md') || file === 'README.md') continue;
    const [, head = ''] = /^---\r?\n(.*?)\r?\n---/s.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
    for (const [, name = '', bump] of head.matchAll(/^['"]?(@[^'":]+)['"]?:\s*(patch|minor|major)\s*$/gm)) {
      const asked = /** @type {Bump} */ (bump);
      if (bumps.indexOf(asked) > bumps.indexOf(found.get(name))) found.set(name, asked);
    }
  }
  return found;
}

/**
 * The versions after a release: what is asked for, and a patch of what depends on a package that left its range. This
 * is the rule written down a second time, to hold against what changesets makes of it.
 *
 * @param {readonly Versioned[]} packages
 * @param {ReadonlyMap<string, Bump>} asked
 * @returns {Map<string, string>} the version of every package
 */
export function planVersions(packages, asked) {
  const next = new Map(
    packages.map(({ name, version }) => {
      const bump = asked.get(name);
      return [name, bump === undefined ? version : increase(version, bump)];
    }),
  );
  /** @param {Versioned} pack */
  const isLeftBehind = ({ name, version, dependencies }) =>
    next.get(name) === version &&
    packages.some(
      below =>
        dependencies.includes(below.name) && !isWithin(next.get(below.name) ?? '', `^${below.version}`),
    );
  for (let left = packages.filter(isLeftBehind); left.length > 0; left = packages.filter(isLeftBehind)) {
    for (const { name, version } of left) next.set(name, increase(version, 'patch'));
  }
  return next;
}

/**
 * Whether a version is within `^1.2.3`, the only kind of range that our packages ask for each other with.
 *
 * @param {string} version
 * @param {string} range
 */
export function isWithin(version, range) {
  if (!range.startsWith('^')) return false;
  const [major, minor, patch] = parse(version);
  const [lowMajor, lowMinor, lowPatch] = parse(range.slice(1));
  if (major !== lowMajor) return false;
  if (major > 0) return minor > lowMinor || (minor === lowMinor && patch >= lowPatch);
  if (minor !== lowMinor) return false;
  return minor > 0 ? patch >= lowPatch : patch === lowPatch;
}

/**
 * @param {string} version
 * @param {Bump} bump
 */
function increase(version, bump) {
  const [major, minor, patch] = parse(version);
  if (bump === 'major') return `${major + 1}.0.0`;
  return bump === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/**
 * @param {string} version
 * @returns {readonly [major: number, minor: number, patch: number]}
 * @throws {RangeError} for anything but three numbers, such as a prerelease, which this project does not have
 */
function parse(version) {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? [];
  if (patch === undefined) throw new RangeError(`no version of three numbers: ${version}`);
  return [Number(major), Number(minor), Number(patch)];
}
