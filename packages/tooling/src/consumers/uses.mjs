import { checkBin } from './uses/bin.mjs';
import { runBundle } from './uses/bundle.mjs';
import { checkContents } from './uses/contents.mjs';
import { checkEffects } from './uses/effects.mjs';
import { runModules } from './uses/modules.mjs';
import { checkTypes } from './uses/types.mjs';

/** @import { Children } from '../release/children.mjs' */
/** @import { Consumer } from './list.mjs' */
/** @import { Tools } from './tools.mjs' */

/**
 * One thing that consumers do with what they installed. `run` gives what is wrong; `of` says whose it is, everybody's
 * when absent. Those that are `quick` are part of `npm run verify`.
 *
 * @typedef {{
 *   readonly name: string,
 *   readonly about: string,
 *   readonly quick: boolean,
 *   readonly of?: (consumer: Consumer) => boolean,
 *   readonly run: (surroundings: Surroundings) => Promise<readonly string[]>,
 * }} Use
 */

/**
 * @typedef {{
 *   readonly consumer: Consumer,
 *   readonly folder: string,
 *   readonly children: Children,
 *   readonly tools: Tools,
 *   readonly env: Readonly<Record<string, string | undefined>>,
 * }} Surroundings
 */

/** @type {(consumer: Consumer) => boolean} */
const inBrowsers = consumer => consumer.runsIn.includes('browser');

/**
 * @param {boolean} isQuick whether browsers and other versions of Node are left out
 * @returns {readonly Use[]}
 */
export function listUses(isQuick) {
  /** @type {readonly Use[]} */
  const uses = [
    {
      name: 'contents',
      about: 'what the tarballs hold, of the station and all beneath it',
      quick: true,
      // it has every package, and once is enough
      of: ({ name }) => name === 'station',
      run: checkContents,
    },
    { name: 'esm', about: 'import, on this Node', quick: true, run: runModules('esm') },
    { name: 'cjs', about: 'require, on this Node', quick: true, run: runModules('cjs') },
    {
      name: 'types',
      about: 'TypeScript 6 and 7, nodenext and bundler, exactOptionalPropertyTypes on and off',
      quick: true,
      // these two have every package between them
      of: ({ name }) => !isQuick || name === 'sdk' || name === 'station',
      run: checkTypes({ isShort: isQuick }),
    },
    { name: 'effects', about: 'importing does nothing', quick: true, run: checkEffects },
    {
      name: 'bin',
      about: 'the command that comes along',
      quick: true,
      of: ({ bin }) => bin !== undefined,
      run: checkBin,
    },
    .../** @type {const} */ (['esbuild', 'vite', 'webpack']).map(bundler => ({
      name: bundler,
      about: `a bundle by ${bundler}, in Chromium`,
      quick: bundler === 'esbuild',
      of: inBrowsers,
      run: runBundle(bundler, { inChromium: !isQuick }),
    })),
    ...[20, 22, 24].flatMap(major => ({
      name: `node${major}`,
      about: `import and require, on Node ${major}`,
      quick: false,
      run: async (/** @type {Surroundings} */ surroundings) => {
        const node = async () => surroundings.tools.node(major);
        return [
          ...(await runModules('esm', node)(surroundings)),
          ...(await runModules('cjs', node)(surroundings)),
        ];
      },
    })),
  ];
  return isQuick ? uses.filter(({ quick }) => quick) : uses;
}
