import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { checkBuilt } from '../../checks/packed.mjs';
import { withSlashes } from '../../platform.mjs';
import { listFiles, readJson } from '../../workspace.mjs';
import { listOurs } from '../install.mjs';

/** @import { Use } from '../uses.mjs' */

const always = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'src'];

/**
 * Every package of ours holds what it needs, and no more; its maps lead to the right lines.
 *
 * @type {Use['run']}
 */
export async function checkContents({ folder }) {
  return listOurs(folder).flatMap(name =>
    checkPackage(join(folder, 'node_modules', name)).map(problem => `${name}: ${problem}`),
  );
}

/**
 * @param {string} top
 * @returns {readonly string[]}
 */
export function checkPackage(top) {
  const names = readdirSync(top);
  const readme = names.includes('README.md') ? readFileSync(join(top, 'README.md'), 'utf8') : '';
  const { sideEffects, license } = readJson(join(top, 'package.json'));
  return [
    ...['LICENSE', 'README.md'].filter(name => !names.includes(name)).map(name => `lacks ${name}`),
    ...names
      .filter(name => !always.includes(name) && !readme.includes(`(${name}`))
      .map(name => `holds ${name}, which its README does not name`),
    ...(sideEffects === false ? [] : ['package.json does not say "sideEffects": false']),
    ...(license === 'MIT' ? [] : [`package.json names the license ${license}`]),
    ...findDeadLinks(readme, top).map(link => `README leads to ${link}, which is not there`),
    ...checkBuilt(top),
    ...listFiles(join(top, 'dist'))
      .filter(file => file.endsWith('.js'))
      .flatMap(file => checkMap(file).map(problem => `${withSlashes(relative(top, file))} ${problem}`)),
  ];
}

/**
 * @param {string} text
 * @param {string} top
 */
function findDeadLinks(text, top) {
  const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
  return links.filter(link => !existsSync(join(top, link)));
}

/**
 * A map is right when every function and class at the top of a module leads to the line that names it.
 *
 * @param {string} file
 * @returns {readonly string[]}
 */
function checkMap(file) {
  const text = readFileSync(file, 'utf8');
  const [, name] = /^\/\/# sourceMappingURL=(\S+)$/m.exec(text) ?? [];
  if (name === undefined || !existsSync(join(dirname(file), name))) return ['has no map'];
  const map = new SourceMap(readJson(join(dirname(file), name)));
  return text.split('\n').flatMap((line, index) => {
    // a number behind the name keeps apart what has one name in two sources
    const [, start, found] = /^((?:async )?function |var )([a-z]\w*?)\d*(?:\(| = class )/i.exec(line) ?? [];
    if (start === undefined || found === undefined) return [];
    const entry = map.findEntry(index, start.length);
    if (!('originalSource' in entry)) return [`does not map ${found}`];
    const source = resolve(dirname(file), entry.originalSource);
    const original = readFileSync(source, 'utf8').split('\n')[entry.originalLine];
    return original?.includes(found) ? [] : [`maps ${found} to "${original?.trim()}"`];
  });
}
