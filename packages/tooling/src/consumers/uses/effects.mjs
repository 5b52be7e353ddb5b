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
export async function checkEffects({ folder, children, env }) {
  const entries = listEntries(folder);
  const script = join(folder, 'effects.mjs');
  writeFileSync(script, importing(entries));
  const { status, output } = await children.attempt(process.execPath, [script], { cwd: folder, env });
  const problems = status === 0 && output.trim() === '[]' ? [] : [`importing changes ${output.trim()}`];
  for (const entry of entries) {
    const rest = findStatements(await bundleUntold(entry, folder));
    if (rest.length > 0) problems.push(`${entry} runs at import\n${rest.join('\n')}`);
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
 */
async function bundleUntold(entry, folder) {
  const { outputFiles } = await build({
    stdin: { contents: `import '${entry}';`, resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    // a statement of the module then starts a line, and nothing else does
    minify: false,
    write: false,
    logLevel: 'silent',
    plugins: [untold],
  });
  return outputFiles[0]?.text ?? '';
}

/** @type {Plugin} */
const untold = {
  name: 'untold',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (kind === 'entry-point' || pluginData === untold) return undefined;
      const found = await resolve(path, { kind, resolveDir, importer, pluginData: untold });
      const isOurs = /[\\/]node_modules[\\/]@dimp[\\/]/.test(found.path);
      return isOurs ? { path: found.path, sideEffects: true } : { path, external: true, sideEffects: false };
    });
  },
};

/**
 * The statements at the top of a module that are no declarations, and the values that need a call.
 *
 * @param {string} text
 */
export function findStatements(text) {
  return text.split('\n').filter(line => {
    if (line === '' || /^(?:[\s})\]]|\/\/|import\b|export\b|(?:async )?function\b)/.test(line)) return false;
    const [, value] = /^var [^=]+ = (.*)$/.exec(line) ?? [];
    if (value === undefined) return true;
    return !/^(?:class\b|\/\* @__PURE__ \*\/|["'`\w.*+\- ${}]+;?$|\(?[\w, ]*\)? =>|async |\[[\d, ]+\];)/.test(
      value,
    );
  });
}
