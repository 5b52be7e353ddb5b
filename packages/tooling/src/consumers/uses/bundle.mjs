import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage } from '../browser.mjs';
import { inputFor, writePrograms } from '../program.mjs';
import { judge } from './modules.mjs';

/** @import { Surroundings, Use } from '../uses.mjs' */

/** @typedef {'esbuild' | 'vite' | 'webpack'} Bundler */

/**
 * Bundles the program for browsers and runs the page in Chromium; and what a program does not use of a module must
 * not be in its bundle.
 *
 * @param {Bundler} bundler
 * @param {{ readonly inChromium: boolean }} options
 * @returns {Use['run']}
 */
export function runBundle(bundler, { inChromium }) {
  return async surroundings => {
    const { consumer, tools } = surroundings;
    const whole = await bundle(bundler, 'program', surroundings);
    const problems = [...whole.problems];
    if (inChromium && problems.length === 0) {
      const { outcome, said } = await openPage(whole.folder, await tools.browser());
      problems.push(...judge([...said, outcome].join('\n'), consumer.expects));
    }
    if (consumer.unused !== undefined) {
      writePrograms({ name: consumer.unused.program }, surroundings.folder, consumer.unused.program);
      const part = await bundle(bundler, consumer.unused.program, surroundings);
      problems.push(...part.problems, ...findUnused(part.code, whole.code, consumer.unused.leavesOut));
    }
    return problems;
  };
}

/**
 * @param {string} part
 * @param {string} whole
 * @param {readonly string[]} texts
 */
export function findUnused(part, whole, texts) {
  return [
    ...texts
      .filter(text => part.includes(text))
      .map(text => `the bundle holds "${text}", which nothing uses`),
    // else the text proves nothing
    ...texts.filter(text => !whole.includes(text)).map(text => `the whole bundle lacks "${text}"`),
  ];
}

/**
 * @param {Bundler} bundler
 * @param {string} program
 * @param {Surroundings} surroundings
 */
async function bundle(bundler, program, { folder, children, tools, env }) {
  const name = `${program}-${bundler}`;
  const output = join(folder, name);
  mkdirSync(output);
  const input = JSON.stringify(inputFor(name));
  // in every realm the global object goes by this name
  const page = `import { run } from './${program}.js';\nglobalThis.outcome = run(${input});\n`;
  writeFileSync(join(folder, `${name}.js`), page);
  const script = join(import.meta.dirname, '../bundlers', `${bundler}.mjs`);
  const tool = bundler === 'esbuild' ? '' : await tools.install(bundler);
  const args = [script, folder, `${name}.js`, output, tool];
  const { status, output: said } = await children.attempt(process.execPath, args, { cwd: folder, env });
  writeFileSync(
    join(output, 'index.html'),
    '<!doctype html><title>page</title><script type="module" src="/page.js"></script>',
  );
  const files = readdirSync(output, { recursive: true }).map(String);
  const scripts = files.filter(file => file.endsWith('.js'));
  return {
    folder: output,
    code: scripts.map(file => readFileSync(join(output, file), 'utf8')).join('\n'),
    problems: status === 0 && said === '' ? [] : [`${program}: ended with ${status}\n${said.trim()}`],
  };
}
