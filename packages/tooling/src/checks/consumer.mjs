import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPublicPackages, root, run, runScript } from '../workspace.mjs';
import { typescript6 } from './typescript-6.mjs';

export const title = 'consumer (built entries under TypeScript 6 and 7, import and require)';

const folder = join(root, 'packages/tooling/.consumer');

/**
 * Every public entry as a stranger meets it: the built declarations read in full by both compilers, without
 * the types of Node, and the built modules loaded by `import` and by `require`.
 *
 * @returns {string[]} what is wrong
 */
export function check() {
  const entries = listEntries();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
  const uses = entries.map((_, index) => `entry${index}`).join(', ');
  writeFileSync(
    join(folder, 'entries.ts'),
    `${imports.join('\n')}\nexport const used: unknown = [${uses}];\n`,
  );
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return [
    ...['node_modules/typescript/bin/tsc', typescript6].flatMap(tsc => runScript(tsc, ['-p', folder])),
    ...load('module', entries, 'await import(entry)'),
    ...load('commonjs', entries, 'require(entry)'),
  ];
}

const config = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
  },
  include: ['entries.ts'],
};

/** `@dimp/crypto`, `@dimp/crypto/aes`, …; a package.json among the exports is data and left out. */
function listEntries() {
  return listPublicPackages().flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter(subpath => !subpath.endsWith('.json'))
      .map(subpath => `${manifest.name}${subpath.slice(1)}`),
  );
}

/**
 * @param {'module' | 'commonjs'} kind
 * @param {readonly string[]} entries
 * @param {string} statement
 */
function load(kind, entries, statement) {
  const script = `for (const entry of ${JSON.stringify(entries)}) {
    try { ${statement}; } catch (error) { console.error(entry + ': ' + error.message.split('\\n')[0]); process.exitCode = 1; }
  }`;
  return run(process.execPath, ['--no-warnings', `--input-type=${kind}`, '--eval', script], { cwd: folder });
}
