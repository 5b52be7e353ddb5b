import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { listPublicPackages, root } from '../workspace.mjs';

/** @import { Plugin } from 'esbuild' */
/** @import { Sizes } from './budgets.mjs' */

/**
 * What everything weighs that has a budget: every public entry with all that it imports, and the pages of
 * packages/bench. Bytes after minifying and gzip.
 *
 * @returns {Promise<Sizes>}
 * @throws {Error} when something cannot be bundled
 */
export async function measure() {
  const entries = listPublicPackages().flatMap(({ dir, manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter(subpath => !subpath.endsWith('.json'))
      .map(subpath => ({ dir, entry: manifest.name + subpath.slice(1) })),
  );
  const browser = entries.filter(({ entry }) => !needsNode.test(entry));
  const node = entries.filter(({ entry }) => needsNode.test(entry));
  return {
    pages: measurePages(),
    browser: Object.fromEntries(await Promise.all(browser.map(measureEntry))),
    node: Object.fromEntries(await Promise.all(node.map(measureEntry))),
  };
}

/** Entries that no page can load. Of these only what is ours is weighed. */
const needsNode = /^@dimp\/(?:crypto-node|station|store\/folder)(?:\/|$)/;

/**
 * @param {{ readonly dir: string, readonly entry: string }} where the package sees itself under its name
 * @returns {Promise<[string, number]>}
 */
async function measureEntry({ dir, entry }) {
  const platform = needsNode.test(entry) ? 'node' : 'browser';
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}';`, resolveDir: dir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2022',
    plugins: platform === 'node' ? [othersApart] : [],
    write: false,
    logLevel: 'silent',
  });
  return [entry, gzipSync(outputFiles[0]?.contents ?? '').length];
}

/** @type {Plugin} */
const othersApart = {
  name: 'packages of others apart',
  setup({ onResolve }) {
    onResolve({ filter: /^[^.#/]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@dimp/') ? undefined : { path, external: true },
    );
  },
};

/**
 * The rows of the bench, which says what each page imports.
 *
 * @returns {Readonly<Record<string, number>>}
 */
function measurePages() {
  const script = join(root, 'packages/bench/dist/bin/bench.js');
  const args = ['--expose-gc', script, 'bundle', '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bench bundle ended with ${status}\n${stderr.trim().slice(0, 2000)}`);
  /** @type {readonly { readonly name: string, readonly value: number }[]} */
  const rows = JSON.parse(stdout).rows;
  // it tells kilobytes of 1,024
  return Object.fromEntries(rows.map(({ name, value }) => [name, Math.round(value * 1024)]));
}
