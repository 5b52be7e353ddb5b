// `npm run consumers`: the packages as strangers install and use them, on what is packed and not on the work tree.
import { parseArgs } from 'node:util';
import { consumers } from './list.mjs';
import { runConsumers } from './run.mjs';
import { listUses } from './uses.mjs';

const help = `The public packages as strangers install and use them, in folders outside of the workspace.

Usage
  npm run consumers                     everything
  npm run consumers -- [word ...]       only these consumers and uses

Consumers
${consumers.map(({ name, installs }) => `  ${name.padEnd(12)}${installs.join(' ')}`).join('\n')}

Uses
${listUses(false)
  .map(({ name, about }) => `  ${name.padEnd(12)}${about}`)
  .join('\n')}

Options
  --quick             the part that \`npm run verify\` runs: no browser, no other Node, fewer settings of the compilers
  --registry <url>    install from there instead of packing
  --keep              leave the folders there
  -h, --help          print this

Examples
  npm run consumers -- esm vite
  npm run consumers -- sdk types --keep

Exit status: 0 when all is well, 1 when something is not, 2 for words that are not understood, 130 when interrupted.
`;

const [, , ...args] = process.argv;
process.exitCode = await main(args);

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit status
 */
async function main(args) {
  const { options, wrong } = readArguments(args);
  if (options === undefined) {
    console.error(`${wrong} See npm run consumers -- --help.`);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  const { signal } = controller;
  const start = performance.now();
  try {
    const report = (/** @type {string} */ line) => console.log(line);
    const problems = await runConsumers({ ...options, signal, report });
    const seconds = Math.round((performance.now() - start) / 1000);
    const { length } = problems;
    const outcome = length === 0 ? 'all is well' : `${length} ${length === 1 ? 'problem' : 'problems'}`;
    console.log(`consumers: ${outcome} (${seconds} s)`);
    return length === 0 ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    console.log('consumers: interrupted');
    return 130;
  }
}

/** @param {readonly string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        registry: { type: 'string' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const uses = listUses(values.quick === true);
    const known = [...consumers, ...uses].map(({ name }) => name);
    const strange = positionals.find(word => !known.includes(word));
    if (strange !== undefined) return { wrong: `"${strange}" is none of ${known.join(', ')}.` };
    const { help, keep, registry } = values;
    // npm takes no notice of what is no URL, and asks the registry that it knows
    if (registry !== undefined && !isRegistry(registry)) {
      return { wrong: `"${registry}" is no URL of a registry, such as http://127.0.0.1:4873/.` };
    }
    return {
      options: {
        consumers: pick(consumers, positionals),
        uses: pick(uses, positionals),
        help,
        keep,
        registry,
      },
    };
  } catch (error) {
    return { wrong: `${error instanceof Error ? error.message : error}.` };
  }
}

/** @param {string} text */
function isRegistry(text) {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/**
 * What is named, or everything when nothing is.
 *
 * @template {{ readonly name: string }} T
 * @param {readonly T[]} list
 * @param {readonly string[]} words
 */
function pick(list, words) {
  const picked = list.filter(({ name }) => words.includes(name));
  return picked.length === 0 ? list : picked;
}
