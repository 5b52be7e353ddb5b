import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { listEntries } from '../entries.mjs';

/** @import { Plugin } from 'esbuild' */
/** @import { Use } from '../uses.mjs' */

/**
 * Importing does nothing, as `"sideEffects": false` promises: it changes no global object and starts nothing in Node,
 * and a bundler that is not told of the promise finds nothing to run in the modules either.
 *
 * @type {Use['run']}
 */
export async function checkEffects({ consumer, folder, children, env }) {
  const entries = listEntries(folder);
  const script = join(folder, 'effects.mjs');
  writeFileSync(script, importing(entries));
  const { status, output } = await children.attempt(process.execPath, [script], { cwd: folder, env });
  const problems = status === 0 && output.trim() === '[]' ? [] : [`importing changes ${output.trim()}`];
  for (const platform of consumer.runsIn) {
    for (const entry of entries) {
      const rest = findRest(await bundleUntold(entry, folder, platform));
      if (rest !== '')
        problems.push(`${entry} leaves in a bundle for ${platform} that uses none of it\n${rest}`);
    }
  }
  return problems;
}

/**
 * Names of what differs. Globals that Node makes when they are first read, which accessors stand for, are compared
 * only when they were there before.
 *
 * @param {readonly string[]} entries
 */
const importing = entries => `
const look = () => new Map(Object.getOwnPropertyNames(globalThis).map(name => {
  const { get, value } = Object.getOwnPropertyDescriptor(globalThis, name);
  const parts = [value, value?.prototype].filter(part => part === Object(part) && part !== globalThis);
  return [name, { isMade: get === undefined, value, keys: parts.map(part => Reflect.ownKeys(part).length).join() }];
}));
const work = () => [
  ...process.eventNames().map(name => 'process.on ' + String(name) + ' ' + process.listenerCount(name)),
  ...process.getActiveResourcesInfo(),
];
// made when somebody first asks for them
void [process.stdout, process.stderr];
const [before, workBefore] = [look(), work()];
for (const entry of ${JSON.stringify(entries)}) await import(entry);
const [after, workAfter] = [look(), work()];
const changed = [...after].filter(([name, { value, keys }]) => {
  const old = before.get(name);
  return old === undefined || (old.isMade && (!Object.is(old.value, value) || old.keys !== keys));
});
const started = workAfter.filter(name => !workBefore.includes(name));
console.log(JSON.stringify([...changed.map(([name]) => name), ...started]));
`;

/**
 * What stays of a module of which nothing is used, when the bundler has only the code itself to judge by.
 *
 * @param {string} entry
 * @param {string} folder
 * @param {'node' | 'browser'} platform
 */
export async function bundleUntold(entry, folder, platform) {
  const { outputFiles } = await build({
    stdin: { contents: `import '${entry}';`, resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    platform,
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    plugins: [untold],
  });
  return outputFiles[0]?.text ?? '';
}

/** Other packages, and what Node has, are no business of ours. */
const isOurs = /[\\/]node_modules[\\/]@dimp[\\/]/;

/** @type {Plugin} */
const untold = {
  name: 'untold',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (kind === 'entry-point' || pluginData === untold) return undefined;
      const found = await resolve(path, { kind, resolveDir, importer, pluginData: untold });
      return isOurs.test(found.path)
        ? { path: found.path, sideEffects: true }
        : { path, external: true, sideEffects: false };
    });
  },
};

/**
 * A bundle without the comments in which the bundler names files.
 *
 * @param {string} text
 */
export function findRest(text) {
  return text.replace(/^\/\/ .*\n/gm, '').trim();
}
