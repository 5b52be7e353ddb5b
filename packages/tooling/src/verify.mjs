// `npm run verify` behind the install: every check of `checks/` in turn, a line for each. No tests here.
//
//   node packages/tooling/src/verify.mjs [WORD ...]     only the checks whose title holds one of the words
//
// Exit status: 0 when all is well, 1 when something is not, 2 for a word that no title holds.
import * as api from './checks/api.mjs';
import * as budgets from './checks/budgets.mjs';
import * as build from './checks/build.mjs';
import * as consumer from './checks/consumer.mjs';
import * as examples from './checks/examples.mjs';
import * as exportMaps from './checks/export-maps.mjs';
import * as layers from './checks/layers.mjs';
import * as lint from './checks/lint.mjs';
import * as packed from './checks/packed.mjs';
import * as typecheck from './checks/typecheck.mjs';
import * as typescript6 from './checks/typescript-6.mjs';

/**
 * A check gives what is wrong, an entry for each problem.
 *
 * @typedef {{ readonly title: string, readonly check: () => readonly string[] | Promise<readonly string[]> }} Check
 */

/** @type {readonly Check[]} */
const checks = [
  layers,
  exportMaps,
  lint,
  typecheck,
  typescript6,
  examples,
  build,
  api,
  budgets,
  consumer,
  packed,
];
/** @type {readonly Check[]} */
const readBuild = [api, budgets, consumer, packed];

const wanted = process.argv.slice(2);
const strange = wanted.filter(word => !checks.some(({ title }) => title.includes(word)));
if (strange.length > 0) {
  const titles = checks.map(({ title }) => `  ${title}`).join('\n');
  console.error(
    `No check has ${strange.map(word => `"${word}"`).join(' or ')} in its title. The checks:\n${titles}`,
  );
  process.exit(2);
}
/** @type {Check[]} */
const failed = [];
for (const check of checks) {
  const { title } = check;
  if (wanted.length > 0 && !wanted.some(word => title.includes(word))) continue;
  const start = performance.now();
  const blocked = failed.includes(build) && readBuild.includes(check);
  const problems = blocked ? ['not run, as the build failed'] : await check.check();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${title} (${seconds} s)`);
  for (const problem of problems) console.log(problem.replace(/^(?=.)/gm, '    '));
  if (problems.length > 0) failed.push(check);
}
console.log(
  failed.length === 0 ? 'verify: all checks passed' : `verify: ${failed.length} of the checks failed`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
