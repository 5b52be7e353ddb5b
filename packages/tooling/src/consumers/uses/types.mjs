import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typescript6 } from '../../checks/typescript-6.mjs';
import { root } from '../../workspace.mjs';
import { listEntries } from '../entries.mjs';

/** @import { Use } from '../uses.mjs' */

const compilers = { 'TypeScript 7': 'node_modules/typescript/bin/tsc', 'TypeScript 6': typescript6 };

/** What people have: Node alone, or a bundler and the names of a browser. */
const resolutions = {
  nodenext: { lib: ['ES2022'], module: 'NodeNext', moduleResolution: 'NodeNext', types: ['node'] },
  bundler: { lib: ['ES2022', 'DOM'], module: 'ESNext', moduleResolution: 'Bundler', types: [] },
};

/**
 * The program, and the declarations of every entry read in full; by both compilers, in both ways to find modules, with
 * and without `exactOptionalPropertyTypes`. In short, each compiler has each of the three once.
 *
 * @param {{ readonly isShort: boolean }} options
 * @returns {Use['run']}
 */
export function checkTypes({ isShort }) {
  return async ({ consumer, folder, children, env }) => {
    const entries = listEntries(folder);
    const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
    const uses = entries.map((_, index) => `entry${index}`).join(', ');
    writeFileSync(
      join(folder, 'entries.ts'),
      `${imports.join('\n')}\nexport const used: unknown = [${uses}];\n`,
    );
    const extra = consumer.finds.includes('@dimp/dkd') ? ['own-content.ts'] : [];
    for (const file of extra) writeFileSync(join(folder, file), ownContent);

    const problems = [];
    for (const [compiler, script] of Object.entries(compilers)) {
      for (const [resolution, options] of Object.entries(resolutions)) {
        if (resolution === 'bundler' && !consumer.runsIn.includes('browser')) continue;
        for (const exactOptionalPropertyTypes of [true, false]) {
          if (isShort && exactOptionalPropertyTypes !== (resolution === 'nodenext')) continue;
          const how = `${compiler}, ${resolution}, exactOptionalPropertyTypes ${exactOptionalPropertyTypes}`;
          const project = join(folder, `tsconfig.${how.replace(/\W+/g, '-')}.json`);
          const compilerOptions = { ...common, ...options, exactOptionalPropertyTypes };
          const files = ['program.ts', 'entries.ts', ...extra];
          writeFileSync(project, JSON.stringify({ compilerOptions, files }));
          const { status, output } = await children.attempt(
            process.execPath,
            [join(root, script), '-p', project],
            { cwd: folder, env },
          );
          if (status !== 0 || output !== '') problems.push(`${how}\n${output.trim()}`);
        }
      }
    }
    return problems;
  };
}

const common = {
  target: 'ES2022',
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  typeRoots: [join(root, 'node_modules/@types')],
};

/** A kind of content that is added from outside must narrow, and a wrong one must not pass. */
const ownContent = `import type { Content, ContentHead } from '@dimp/dkd';
interface QuizContent extends ContentHead { readonly kind: 'quiz'; readonly question: string }
declare module '@dimp/dkd' { interface ContentKinds { quiz: QuizContent } }
export const ask = (content: Content): string => content.kind === 'quiz' ? content.question : content.kind;
// @ts-expect-error there is no such kind
export const isOther = (content: Content): boolean => content.kind === 'other';
`;
