import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChildren } from '../release/children.mjs';
import { install } from './install.mjs';
import { packAll } from './pack.mjs';
import { forEach } from './pool.mjs';
import { strangersEnvironment } from './surroundings.mjs';
import { createTools } from './tools.mjs';

/** @import { Environment, Source } from './install.mjs' */
/** @import { Consumer } from './list.mjs' */
/** @import { Use } from './uses.mjs' */

/**
 * @typedef {{
 *   readonly consumers: readonly Consumer[],
 *   readonly uses: readonly Use[],
 *   readonly registry?: string | undefined,
 *   readonly keep?: boolean | undefined,
 *   readonly folder?: string | undefined,
 *   readonly env?: Environment | undefined,
 *   readonly signal: AbortSignal,
 *   readonly report: (line: string) => void,
 * }} Options
 *
 * `registry` has the packages; they are packed from the workspace when it is absent. `keep` leaves the temporary folder
 * where it is. A `folder` that is named is used in its place, and is for the caller to remove.
 * `env` is the environment that strangers' programs start from, that of this process when absent.
 */

/** Minutes that one use may take: what hangs must not hang everything. */
const patience = 5;

/**
 * Installs for every consumer in a folder outside of the workspace, and lets each use of it happen there.
 *
 * @param {Options} options
 * @returns {Promise<readonly string[]>} what is wrong
 */
export async function runConsumers({ consumers, uses, registry, keep = false, signal, report, ...options }) {
  const folder = options.folder ?? realpathSync(mkdtempSync(join(tmpdir(), 'dimp-consumers-')));
  const children = createChildren(signal);
  const tools = createTools(join(folder, 'tools'), children);
  const env = strangersEnvironment(options.env);
  /** @type {string[]} */
  const problems = [];
  /** @type {Set<Consumer>} */
  const ready = new Set();

  /**
   * @param {string} title
   * @param {() => Promise<readonly string[]>} work
   * @returns {Promise<boolean>} whether all is well
   */
  async function step(title, work) {
    const start = performance.now();
    const found = await work().catch(error => [String(error?.message ?? error)]);
    signal.throwIfAborted();
    problems.push(...found.map(problem => `${title}: ${problem}`));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    report([`${found.length === 0 ? '✓' : '✗'} ${title} (${seconds} s)`, ...found.map(indent)].join('\n'));
    return found.length === 0;
  }

  try {
    /** @type {Source} */
    let source = { registry: registry ?? '', cache: join(folder, 'cache') };
    if (registry === undefined) {
      const packed = await step('pack', async () => {
        source = { tarballs: await packAll(join(folder, 'packed'), children) };
        return [];
      });
      if (!packed) return problems;
    }
    await forEach(consumers, async consumer => {
      const place = join(folder, 'consumers', consumer.name);
      mkdirSync(place, { recursive: true });
      const installed = await step(`${consumer.name} install`, () =>
        install(consumer, place, source, children, env),
      );
      if (installed) ready.add(consumer);
    });
    const tasks = uses.flatMap(use =>
      [...ready].filter(consumer => use.of?.(consumer) ?? true).map(consumer => ({ use, consumer })),
    );
    if (tasks.length === 0 && problems.length === 0) {
      await step('choice', async () => ['none of these consumers does any of this']);
    }
    await forEach(tasks, ({ use, consumer }) =>
      step(`${consumer.name} ${use.name}`, () => {
        const own = createChildren(AbortSignal.any([signal, AbortSignal.timeout(patience * 60_000)]));
        const place = join(folder, 'consumers', consumer.name);
        return use.run({ consumer, folder: place, children: own, tools, env });
      }),
    );
    return problems;
  } finally {
    await tools.close();
    if (keep) report(`kept ${folder}`);
    else if (options.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @param {string} problem */
const indent = problem => problem.replace(/^(?=.)/gm, '    ');
