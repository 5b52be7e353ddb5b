import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../workspace.mjs';

/** @import { Children } from './children.mjs' */

/**
 * A clone of the repository with the files as they are now, committed or not, on a branch `main` of its own, without
 * tags and without a way back: nothing that happens there reaches the original or a server.
 *
 * @param {string} to
 * @param {Children} children
 */
export async function copyRepository(to, children) {
  const git = createGit(to, children);
  await children.run('git', ['clone', '--quiet', '--no-tags', root, to]);
  await git('checkout', '--quiet', '-B', 'main');
  await git('remote', 'remove', 'origin');
  for (const [key, value] of Object.entries(settings)) await git('config', key, value);
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const wanted = await children.run('git', list, { cwd: root });
  const files = wanted.split('\0').filter(file => file !== '' && existsSync(join(root, file)));
  const cloned = (await git('ls-files', '-z')).split('\0').filter(file => file !== '');
  for (const file of cloned) if (!files.includes(file)) rmSync(join(to, file));
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(root, file), join(to, file));
  }
  await commitAll(to, 'the files as they are now', children);
}

/** Nothing of the user's own Git takes part: no signing, no hooks, no name. */
const settings = {
  'user.name': 'Rehearsal',
  'user.email': 'rehearsal@localhost',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'core.hooksPath': '.git/no-hooks',
};

/**
 * @param {string} dir
 * @param {string} message
 * @param {Children} children
 */
export async function commitAll(dir, message, children) {
  const git = createGit(dir, children);
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', message);
}

/**
 * @param {string} dir
 * @param {Children} children
 * @returns {Promise<readonly string[]>}
 */
export async function listTags(dir, children) {
  const tags = await createGit(dir, children)('tag', '--list');
  return tags.split('\n').filter(tag => tag !== '');
}

/**
 * @param {string} dir
 * @param {Children} children
 * @returns {(...args: string[]) => Promise<string>}
 */
function createGit(dir, children) {
  return (...args) => children.run('git', args, { cwd: dir });
}
