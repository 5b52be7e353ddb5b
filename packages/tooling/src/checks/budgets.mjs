import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from '../workspace.mjs';
import { measure } from './budgets-measure.mjs';
import { findStale } from './told-sizes.mjs';

export const title = 'budgets (bytes that pages load, packages/tooling/budgets.json)';

/**
 * Bytes after minifying and gzip: of the pages of packages/bench, of what entries need in a browser, and of those that
 * only run in Node.
 *
 * @typedef {Readonly<Record<'pages' | 'browser' | 'node', Readonly<Record<string, number>>>>} Sizes
 */

/**
 * What each may weigh; and the goals of the project, which no budget is above.
 *
 * @typedef {Sizes & { readonly goals: Readonly<Record<string, number>> }} Budgets
 */

const kinds = /** @type {const} */ (['pages', 'browser', 'node']);

/** The file of the budgets. */
export const budgetsFile = join(root, 'packages/tooling/budgets.json');

/** The README that shows them. */
export const benchReadme = join(root, 'packages/bench/README.md');

/** The README that tells what is reached, in kB. */
export const mainReadme = join(root, 'README.md');

const writeCommand = 'node packages/tooling/src/checks/budgets-write.mjs';

/**
 * Everything is within its budget, everything has one, and the READMEs tell budgets and sizes as they are.
 *
 * @returns {Promise<readonly string[]>} what is wrong
 */
export async function check() {
  /** @type {Budgets} */
  const budgets = readJson(budgetsFile);
  try {
    const sizes = await measure();
    const table = readFileSync(benchReadme, 'utf8');
    const stale = [
      ...(table === withTable(table, budgets)
        ? []
        : ['packages/bench/README.md does not show these budgets']),
      ...findStale(readFileSync(mainReadme, 'utf8'), sizes).map(problem => `README.md ${problem}`),
    ];
    return [...compare(sizes, budgets), ...stale.map(problem => `${problem}; run ${writeCommand}`)];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/**
 * @param {Sizes} sizes
 * @param {Budgets} budgets
 * @returns {readonly string[]} what is wrong
 */
export function compare(sizes, budgets) {
  const tooHigh = Object.entries(budgets.goals).flatMap(([name, goal]) => {
    const budget = kinds.map(kind => budgets[kind][name]).find(found => found !== undefined);
    if (budget === undefined) return [`${name}: a goal, and no budget`];
    return budget <= goal ? [] : [`${name}: a budget of ${budget} bytes, above the goal of ${goal}`];
  });
  const problems = kinds.flatMap(kind => [
    ...Object.entries(sizes[kind]).flatMap(([name, size]) => {
      const budget = budgets[kind][name];
      if (budget === undefined) return [`${name}: ${size} bytes and no budget; add it under "${kind}"`];
      if (size <= budget) return [];
      return [`${name}: ${size} bytes, ${size - budget} above its budget of ${budget}`];
    }),
    ...Object.keys(budgets[kind])
      .filter(name => sizes[kind][name] === undefined)
      .map(name => `${name}: a budget, and nothing of that name under "${kind}"`),
  ]);
  return [...tooHigh, ...problems];
}

/**
 * A README with the table of the budgets between its two marks.
 *
 * @param {string} text
 * @param {Budgets} budgets
 * @throws {Error} when it lacks the marks: without them nothing would be told, and nothing be stale
 */
export function withTable(text, budgets) {
  const rows = kinds.flatMap(kind =>
    Object.entries(budgets[kind]).map(([name, budget]) => {
      const goal = budgets.goals[name];
      const shown = kind === 'pages' ? name : `\`${name}\`${kind === 'node' ? ' (Node)' : ''}`;
      return `| ${shown} | ${format(budget)} | ${goal === undefined ? '' : `${format(goal)} `}|`;
    }),
  );
  const table = ['| what | at most, bytes | goal |', '| --- | ---: | ---: |', ...rows].join('\n');
  const marks = /(<!-- budgets -->\n\n)[\s\S]*(\n\n<!-- \/budgets -->)/;
  if (!marks.test(text)) throw new Error('a README has no <!-- budgets --> and <!-- /budgets --> any more');
  return text.replace(marks, (_, start, end) => start + table + end);
}

const { format } = new Intl.NumberFormat('en');
