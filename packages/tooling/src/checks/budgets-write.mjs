// After something became smaller: lowers the budgets to what is reached and a few per cent of room, gives new entries
// one, forgets old ones, and writes the table of packages/bench/README.md and the sizes in the README at the root. It
// raises none; that is for a person to do, in budgets.json, with a reason in the commit. The packages must be built.
//
//   node packages/tooling/src/checks/budgets-write.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { readJson } from '../workspace.mjs';
import { benchReadme, budgetsFile, mainReadme, withTable } from './budgets.mjs';
import { measure } from './budgets-measure.mjs';
import { withSizes } from './told-sizes.mjs';

/** @import { Budgets, Sizes } from './budgets.mjs' */

/** For what compilers and bundlers change by themselves. */
const room = 1.03;

/**
 * @param {Sizes} sizes
 * @param {Budgets} old
 * @returns {Budgets}
 */
export function tighten(sizes, { goals, ...old }) {
  const lower = (/** @type {keyof Sizes} */ kind) =>
    Object.fromEntries(
      Object.entries(sizes[kind]).map(([name, size]) => {
        const limits = [Math.ceil((size * room) / 10) * 10, old[kind][name], goals[name]];
        return [name, Math.min(...limits.filter(limit => limit !== undefined))];
      }),
    );
  return { goals, pages: lower('pages'), browser: lower('browser'), node: lower('node') };
}

if (process.argv[1] === import.meta.filename) {
  const sizes = await measure();
  const budgets = tighten(sizes, readJson(budgetsFile));
  // both before anything is written, as a README may lack its marks
  const table = withTable(readFileSync(benchReadme, 'utf8'), budgets);
  const told = withSizes(readFileSync(mainReadme, 'utf8'), sizes);
  writeFileSync(budgetsFile, `${JSON.stringify(budgets, null, 2)}\n`);
  writeFileSync(benchReadme, table);
  writeFileSync(mainReadme, told);
}
