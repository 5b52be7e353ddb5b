import { listPublicPackages, runScript } from '../workspace.mjs';

export const title = 'examples compile (README and guide)';

/**
 * Every ts block of the READMEs and the guide, against the sources; packages/docs also runs them as tests. The
 * README of a public package has at least one.
 *
 * @returns {string[]} what is wrong
 */
export function check() {
  const readmes = listPublicPackages().map(({ name }) => `packages/${name}/README.md`);
  const problems = runScript('packages/docs/src/write-examples.mjs', readmes);
  const failed = runScript('node_modules/typescript/bin/tsc', ['-p', 'packages/docs/tsconfig.examples.json']);
  // the module of a page is named after it and has its line numbers
  return [
    ...problems,
    ...failed.map(text => text.replace(/packages\/docs\/\.examples\/(\S+\.md)\.\d+\.ts/g, '$1')),
  ];
}
