import { join } from 'node:path';
import { readJson } from '../../workspace.mjs';

/** @import { Use } from '../uses.mjs' */

/**
 * The command of a package tells its version and how to use it, and says so when an option is wrong.
 *
 * @type {Use['run']}
 */
export async function checkBin({ consumer, folder, children, env }) {
  const { bin } = consumer;
  if (bin === undefined) return [];
  const { version } = readJson(join(folder, 'node_modules', bin.of, 'package.json'));
  const call = (/** @type {string} */ option) =>
    children.attempt('npx', ['--no-install', bin.name, option], { cwd: folder, env });
  const told = await call('--version');
  const help = await call('--help');
  const wrong = await call('--no-such-option');
  return [
    ...(told.status === 0 && told.output.trim().endsWith(version)
      ? []
      : [`--version ended with ${told.status}: ${told.output}`]),
    ...(help.status === 0 && help.output.includes(`Usage: ${bin.name}`)
      ? []
      : [`--help ended with ${help.status}: ${help.output}`]),
    ...(wrong.status !== 0 && wrong.output.includes('--no-such-option')
      ? []
      : [`a wrong option ended with ${wrong.status}: ${wrong.output}`]),
  ];
}
