// The ts blocks of the READMEs and the guide as modules that can be checked and run; README.md tells the rules.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * One block, or all blocks of a page that joins them.
 *
 * @typedef {{
 *   readonly page: string,
 *   readonly line: number,
 *   readonly path: string,
 *   readonly code: string,
 *   readonly logs: readonly string[],
 * }} Example `page` is the path from the root, `line` that of the first code line, `path` that of the module,
 *   `logs` what it should print, call by call
 */

/** @typedef {{ readonly line: number, readonly code: readonly string[], readonly checked: boolean }} Block */

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'packages/docs/.examples');

/** The pages with examples, as paths from the root. */
export function listPages() {
  const guide = 'packages/docs/guide';
  return [
    'README.md',
    ...readdirSync(join(root, 'packages')).map(name => `packages/${name}/README.md`),
    ...(existsSync(join(root, guide)) ? readdirSync(join(root, guide)) : [])
      .filter(name => name.endsWith('.md'))
      .map(name => `${guide}/${name}`),
  ].filter(page => existsSync(join(root, page)));
}

/**
 * Writes every example as a module and gives the list.
 *
 * @returns {{ readonly examples: readonly Example[], readonly skipped: readonly string[] }} `skipped` are the
 *   places of the blocks marked `nocheck`
 */
export function writeExamples() {
  const pages = listPages().map(page => readExamples(page, readFileSync(join(root, page), 'utf8')));
  const examples = pages.flatMap(page => page.examples);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { path, code } of examples) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), code);
  }
  return { examples, skipped: pages.flatMap(page => page.skipped) };
}

/**
 * The examples of one page.
 *
 * @param {string} page its path from the root
 * @param {string} text
 * @returns {{ readonly examples: readonly Example[], readonly skipped: readonly string[] }}
 */
export function readExamples(page, text) {
  const blocks = readBlocks(text);
  const checked = blocks.filter(block => block.checked);
  const joined = /^<!-- examples: joined -->$/m.test(text);
  const groups = joined && checked.length > 0 ? [checked] : checked.map(block => [block]);
  return {
    examples: groups.map(group => toExample(page, group)),
    skipped: blocks.filter(block => !block.checked).map(({ line }) => `${page}:${line}`),
  };
}

/**
 * What differs between the texts after the arrows and what was printed; undefined when nothing does.
 *
 * @param {readonly string[]} expected
 * @param {readonly string[]} printed
 */
export function compareLogs(expected, printed) {
  const length = Math.max(expected.length, printed.length);
  for (let index = 0; index < length; index += 1) {
    const wanted = expected[index];
    const found = printed[index]?.replace(/\s+/g, ' ').trim();
    const same =
      wanted !== undefined &&
      found !== undefined &&
      (wanted.endsWith('…') ? found.startsWith(wanted.slice(0, -1)) : found === wanted);
    if (!same)
      return `console.log call ${index + 1}: expected ${wanted ?? 'no call'}, got ${found ?? 'no call'}`;
  }
  return undefined;
}

/**
 * The packages of ours that examples import and no `npm install` of the page names. A package manager that keeps
 * strictly to package.json does not find them.
 *
 * @param {string} page the text of the page with the install lines
 * @param {readonly Pick<Example, 'code'>[]} examples
 */
export function missingInstalls(page, examples) {
  const installed = [...page.matchAll(/^npm install (.*)$/gm)].flatMap(([, names = '']) => names.split(' '));
  const imported = examples.flatMap(({ code }) =>
    [...code.matchAll(/(?:\bfrom|\bimport|\bmodule) '(@dimp\/[a-z-]+)/g)].map(([, name = '']) => name),
  );
  return [...new Set(imported)].filter(name => !installed.includes(name)).sort();
}

/**
 * @param {string} text
 * @returns {readonly Block[]}
 */
function readBlocks(text) {
  const lines = text.split('\n');
  const blocks = [];
  for (let index = 0; index < lines.length; index += 1) {
    const fence = /^```(\S*)[ \t]*(.*?)\s*$/.exec(lines[index] ?? '');
    if (fence === null) continue;
    const start = index + 1;
    do index += 1;
    while (index < lines.length && !/^```\s*$/.test(lines[index] ?? ''));
    if (fence[1] !== 'ts') continue;
    blocks.push({ line: start + 1, code: lines.slice(start, index), checked: fence[2] !== 'nocheck' });
  }
  return blocks;
}

/**
 * Code lines keep their line numbers, so that a compiler's message points into the page.
 *
 * @param {string} page
 * @param {readonly Block[]} blocks
 * @returns {Example}
 */
function toExample(page, blocks) {
  const line = blocks[0]?.line ?? 1;
  /** @type {string[]} */
  const lines = [];
  for (const block of blocks) {
    while (lines.length < block.line - 1) lines.push('');
    lines.push(...block.code);
  }
  return {
    page,
    line,
    path: `packages/docs/.examples/${page}.${line}.ts`,
    code: `${lines.join('\n')}\nexport {};\n`,
    logs: lines
      .flatMap(text => /\/\/ → ?(.*?)\s*$/.exec(text)?.[1] ?? [])
      .map(text => text.replace(/\s+/g, ' ').trim()),
  };
}
