// `npm run release:rehearse`: releases the workspace in a temporary copy to a registry on loopback, and uses what was
// published. Neither the working tree nor a registry outside of this machine is written to.
//
//   node packages/tooling/src/release/rehearse.mjs [--keep]     --keep leaves the temporary folder and says where it is
//
// Exit code 0: passed; 1: something is wrong, 2: unknown argument, 130 and 143: ended by Ctrl-C or SIGTERM.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createChildren } from './children.mjs';
import { rehearse } from './rehearsal.mjs';

const keep = readArguments();
const start = performance.now();
const controller = new AbortController();
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(name, () => {
    process.exitCode = name === 'SIGINT' ? 130 : 143;
    console.error(`\n${name}: stops what runs and removes what was written`);
    controller.abort(new Error(`ended by ${name}`));
  });
}

// short, as the path of a socket has to be, and without links, which Node resolves
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'dimp-release-'));
const children = createChildren(controller.signal);
try {
  await rehearse(folder, children, { step, tell });
  console.log(`release:rehearse: passed (${seconds(start)} s)`);
} catch (error) {
  if (!controller.signal.aborted) {
    console.error(indent(error instanceof Error ? error.message : String(error)));
    console.error(`release:rehearse: failed (${seconds(start)} s)`);
    process.exitCode = 1;
  }
} finally {
  controller.abort();
  await children.ended();
  if (keep) console.log(`kept: ${folder}`);
  else rmSync(folder, { recursive: true });
}

/**
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function step(title, work) {
  const begin = performance.now();
  console.log(`… ${title}`);
  try {
    const result = await work();
    console.log(`✓ ${title} (${seconds(begin)} s)`);
    return result;
  } catch (error) {
    console.log(`✗ ${title} (${seconds(begin)} s)`);
    throw error;
  }
}

/** @param {string} text */
function tell(text) {
  console.log(indent(text));
}

/** @param {string} text */
function indent(text) {
  return text.replace(/^(?=.)/gm, '    ');
}

/** @param {number} begin */
function seconds(begin) {
  return ((performance.now() - begin) / 1000).toFixed(1);
}

function readArguments() {
  try {
    return parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values.keep;
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nusage: npm run release:rehearse [-- --keep]`,
    );
    process.exit(2);
  }
}
