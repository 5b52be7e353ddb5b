// Adds up what jest wrote about every package and prints one plain line: `N passed, M failed[, K skipped]`.
//
//   node packages/tooling/src/test-summary.mjs [RESULT.json ...]
//
// Each RESULT.json is the result of one more run over all packages. A test file that no result names counts
// as failed: a run that broke off, or a package that was left out, cannot look green.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withSlashes } from './platform.mjs';
import { listFiles, listPackages, readJson, root } from './workspace.mjs';

/**
 * What `jest --json` writes, as far as it is read here.
 *
 * @typedef {{
 *   readonly success: boolean,
 *   readonly numPassedTests: number,
 *   readonly numFailedTests: number,
 *   readonly numPendingTests: number,
 *   readonly numTodoTests: number,
 *   readonly numRuntimeErrorTestSuites: number,
 *   readonly testResults: readonly { readonly name: string }[],
 * }} JestResult
 */

/** @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number, readonly problems: readonly string[] }} Summary */

/** Where a package's jest leaves its result. */
export const resultFile = '.jest-result.json';

/**
 * The total over every package's own result and over each further run.
 *
 * @param {string} [top] the folder that holds `packages`
 * @param {readonly string[]} [furtherRuns] paths of results that cover all packages
 * @returns {Summary}
 */
export function summarise(top = root, furtherRuns = []) {
  const packages = listPackages(top).map(({ name, dir }) => ({
    title: name,
    result: join(dir, resultFile),
    files: testFiles(dir),
  }));
  const everyFile = packages.flatMap(({ files }) => files);
  const runs = [
    ...packages.filter(({ files }) => files.length > 0),
    ...furtherRuns.map(path => ({ title: path, result: path, files: everyFile })),
  ];
  return runs.map(summariseRun).reduce(add, { passed: 0, failed: 0, skipped: 0, problems: [] });
}

/**
 * The line that ends a run.
 *
 * @param {Summary} summary
 */
export function formatSummary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Prints a summary, its line last, and gives the exit status.
 *
 * @param {Summary} summary
 */
export function report(summary) {
  for (const problem of summary.problems) console.log(problem);
  console.log(formatSummary(summary));
  return summary.failed > 0 ? 1 : 0;
}

/**
 * @param {{ readonly title: string, readonly result: string, readonly files: readonly string[] }} run
 * @returns {Summary}
 */
function summariseRun({ title, result, files }) {
  if (!existsSync(result)) {
    return { passed: 0, failed: files.length, skipped: 0, problems: [`${title}: no test result`] };
  }
  /** @type {JestResult} */
  const jest = readJson(result);
  const ran = new Set(jest.testResults.map(({ name }) => withinWorkspace(name)));
  const missing = files.filter(file => !ran.has(file));
  const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites + missing.length;
  // jest also fails for reasons that no test shows, a coverage threshold for one
  const unexplained = failed === 0 && !jest.success;
  return {
    passed: jest.numPassedTests,
    failed: unexplained ? 1 : failed,
    skipped: jest.numPendingTests + jest.numTodoTests,
    problems: [
      ...missing.map(file => `${title}: ${file} did not run`),
      ...(unexplained ? [`${title}: jest failed outside of its tests`] : []),
    ],
  };
}

/**
 * @param {Summary} a
 * @param {Summary} b
 * @returns {Summary}
 */
function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    problems: [...a.problems, ...b.problems],
  };
}

/** @param {string} dir */
function testFiles(dir) {
  return listFiles(join(dir, 'test'))
    .filter(path => path.endsWith('.test.ts'))
    .map(withinWorkspace);
}

/**
 * A path from `packages` on, with slashes: a result that turbo kept may come from another checkout.
 *
 * @param {string} path
 */
function withinWorkspace(path) {
  const found = withSlashes(path);
  return found.slice(found.lastIndexOf('packages/'));
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = report(summarise(root, process.argv.slice(2)));
}
