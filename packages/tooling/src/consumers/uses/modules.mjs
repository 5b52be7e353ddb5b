import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { listEntries } from '../entries.mjs';
import { inputFor } from '../program.mjs';

/** @import { Use } from '../uses.mjs' */

/**
 * Loads every entry and runs the program, as a module or as CommonJS; `node` is the program to run it with.
 *
 * @param {'esm' | 'cjs'} kind
 * @param {(tools: Parameters<Use['run']>[0]) => Promise<string>} [findNode]
 * @returns {Use['run']}
 */
export function runModules(kind, findNode = async () => process.execPath) {
  return async surroundings => {
    const { consumer, folder, children, env } = surroundings;
    const node = await findNode(surroundings);
    // with a folder of its own, as other versions of Node run at the same time
    const place = mkdtempSync(join(folder, `${kind}-`));
    const main = join(place, kind === 'esm' ? 'main.mjs' : 'main.cjs');
    const start = kind === 'esm' ? startModule : startCommonJS;
    writeFileSync(main, start(listEntries(folder), JSON.stringify(inputFor(join(place, 'data')))));
    const { status, output } = await children.attempt(node, [main], { cwd: folder, env });
    if (status !== 0) return [`ended with ${status}\n${output.trim()}`];
    return judge(output, consumer.expects);
  };
}

/**
 * The output must be what was expected, and nothing else: a warning is none of it.
 *
 * @param {string} output
 * @param {unknown} expected
 * @returns {readonly string[]}
 */
export function judge(output, expected) {
  const lines = output.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  const noise = lines.length === 0 ? [] : [`printed\n${lines.join('\n')}`];
  if (!last.startsWith('{')) return [...noise, `printed ${last}`];
  if (isDeepStrictEqual(JSON.parse(last), expected)) return noise;
  return [...noise, `gives ${last}, expected ${JSON.stringify(expected)}`];
}

/** @type {(entries: readonly string[], input: string) => string} */
const startModule = (entries, input) => `import { run } from '../program.js';
for (const entry of ${JSON.stringify(entries)}) {
  if (Object.keys(await import(entry)).length === 0) throw new Error(entry + ' exports nothing');
}
console.log(JSON.stringify(await run(${input})));
`;

/** @type {(entries: readonly string[], input: string) => string} */
const startCommonJS = (entries, input) => `const { run } = require('../program.cjs');
for (const entry of ${JSON.stringify(entries)}) {
  if (Object.keys(require(entry)).length === 0) throw new Error(entry + ' exports nothing');
}
run(${input}).then(outcome => console.log(JSON.stringify(outcome)));
`;
