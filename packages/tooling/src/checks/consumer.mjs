import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPublicPackages, root, run, runScript } from '../workspace.mjs';
import { typescript6 } from './typescript-6.mjs';

export const title =
  'consumer (built entries under TypeScript 6 and 7, for browsers and Node, import and require)';

const folder = join(root, 'packages/tooling/.consumer');

/**
 * Every public entry as a stranger meets it: the built declarations read in full by both compilers, with the types
 * of a browser and with those of Node; a content of his own; and the built modules loaded by `import` and `require`.
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
  writeFileSync(join(folder, 'own-content.ts'), ownContent);
  const projects = Object.entries(platforms).map(([platform, options]) => {
    const project = join(folder, `tsconfig.${platform}.json`);
    const compilerOptions = { ...commonOptions, ...options };
    writeFileSync(project, JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    return project;
  });
  return [
    ...['node_modules/typescript/bin/tsc', typescript6].flatMap(tsc =>
      projects.flatMap(project => runScript(tsc, ['-p', project])),
    ),
    ...load('module', entries, 'await import(entry)'),
    ...load('commonjs', entries, 'require(entry)'),
  ];
}

const commonOptions = { target: 'ES2022', strict: true, noEmit: true, skipLibCheck: false };

/** What people have: a bundler and the names of a browser, or Node alone. */
const platforms = {
  browser: {
    lib: ['ES2022', 'DOM'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    types: [],
    exactOptionalPropertyTypes: false,
  },
  node: { lib: ['ES2022'], module: 'NodeNext', types: ['node'], exactOptionalPropertyTypes: true },
};

/** A kind of content that is added from outside must narrow, and a wrong one must not pass. */
const ownContent = `import type { Content, ContentHead } from '@dimp/dkd';
interface QuizContent extends ContentHead { readonly kind: 'quiz'; readonly question: string }
declare module '@dimp/dkd' { interface ContentKinds { quiz: QuizContent } }
export const ask = (content: Content): string => content.kind === 'quiz' ? content.question : content.kind;
// @ts-expect-error there is no such kind
export const isOther = (content: Content): boolean => content.kind === 'other';
`;

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
