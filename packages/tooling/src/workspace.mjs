import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startable } from './platform.mjs';

/**
 * A package of the workspace: its folder's name, its folder and its package.json.
 *
 * @typedef {{ readonly name: string, readonly dir: string, readonly manifest: Manifest }} Package
 */

/**
 * The members of a package.json that the tools read.
 *
 * @typedef {{
 *   readonly name: string,
 *   readonly version?: string,
 *   readonly private?: boolean,
 *   readonly exports?: Conditions,
 *   readonly imports?: Conditions,
 *   readonly bin?: string | Readonly<Record<string, string>>,
 *   readonly publishConfig?: { readonly exports?: Conditions, readonly imports?: Conditions, readonly registry?: string },
 *   readonly dependencies?: Readonly<Record<string, string>>,
 *   readonly devDependencies?: Readonly<Record<string, string>>,
 *   readonly peerDependencies?: Readonly<Record<string, string>>,
 *   readonly optionalDependencies?: Readonly<Record<string, string>>,
 * }} Manifest
 */

/**
 * A target of `exports` or `imports`: a path, or conditions (or subpaths) with a target each.
 *
 * @typedef {null | string | { readonly [condition: string]: Conditions }} Conditions
 */

/** The folder that holds `packages`. */
export const root = resolve(import.meta.dirname, '../../..');

/** The script of turbo, below the root. */
export const turboScript = 'node_modules/turbo/bin/turbo';

/**
 * Every package of a workspace, by name.
 *
 * @param {string} [top] the folder that holds `packages`
 * @returns {Package[]}
 */
export function listPackages(top = root) {
  return readdirSync(join(top, 'packages'))
    .sort()
    .map(name => ({ name, dir: join(top, 'packages', name) }))
    .filter(({ dir }) => existsSync(join(dir, 'package.json')))
    .map(({ name, dir }) => ({ name, dir, manifest: readJson(join(dir, 'package.json')) }));
}

/**
 * The packages that are published.
 *
 * @param {string} [top]
 */
export function listPublicPackages(top = root) {
  return listPackages(top).filter(({ manifest }) => manifest.private !== true);
}

/**
 * The paths of all files below a folder, hidden ones and `node_modules` left out; none when it does not exist.
 *
 * @param {string} dir
 * @returns {string[]}
 */
export function listFiles(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter(entry => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .flatMap(entry => (entry.isDirectory() ? listFiles(join(dir, entry.name)) : [join(dir, entry.name)]))
    .sort();
}

/**
 * The JSON value of a file, of the type the caller expects.
 *
 * @param {string} path
 * @returns {any} checked by nobody: these are our own files
 */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * Runs a program at the root and gives what is wrong: nothing, or all that it printed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string }} [options]
 * @returns {string[]}
 */
export function run(command, args, options = {}) {
  const { shell, ...program } = startable(command, args);
  const result = spawnSync(program.command, program.args, {
    cwd: options.cwd ?? root,
    shell,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', TURBO_TELEMETRY_DISABLED: '1' },
  });
  if (result.error !== undefined) return [`${command}: ${result.error.message}`];
  if (result.status === 0) return [];
  const output = `${result.stdout}${result.stderr}`.trim();
  return [output === '' ? `${command} ended with status ${result.status}` : output];
}

/**
 * Runs a script of another package's `bin`, see {@link run}.
 *
 * @param {string} script below node_modules
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string }} [options]
 */
export function runScript(script, args, options = {}) {
  return run(process.execPath, [join(root, script), ...args], options);
}
