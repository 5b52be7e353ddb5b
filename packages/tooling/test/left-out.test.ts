import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeLeftOut } from '../src/build/left-out.mjs';
import { listReached } from '../src/build/reached.mjs';
import { withSlashes } from '../src/platform.mjs';
import { createWorkspace } from './fixture.js';

const manifest = {
  name: '@dimp/a',
  exports: {
    '.': { '@dimp/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
  },
  bin: './dist/run.js',
  imports: { '#place': { node: './dist/place-node.js', default: './dist/place-web.js' } },
};

const ways = {
  'a name': "export { a } from './found.js';\n",
  'names on several lines':
    "export declare const b: () => void;\nexport {\n  type a,\n  c as d\n} from './found.js';\n",
  'a type': "import type { A } from './found.js';\n",
  'everything under a name': "export * as a from './found.js';\n",
  'what it does': "import './found.js';\n",
  'a type within another': "export declare const a: Set<import('./found.js').A>;\n",
  'what it adds to': "declare module './found.js' {\n}\n",
};

const map = (source: string): unknown => ({ version: 3, sources: [source] });

/** A built package whose entry has the given declaration. Gives its folder. */
function createBuilt(declaration: string, files: Readonly<Record<string, unknown>> = {}): string {
  const bases = ['found', 'hidden', 'place-node', 'place-web', 'run'];
  const built = bases.flatMap(base => [
    [`a/src/${base}.ts`, ''],
    [`a/dist/${base}.d.ts`, ''],
    [`a/dist/${base}.d.ts.map`, map(`../src/${base}.ts`)],
  ]);
  const code = ['index', 'run', 'place-node', 'place-web'].flatMap(base => [
    [`a/dist/${base}.js`, ''],
    [`a/dist/${base}.js.map`, map(`../src/${base}.ts`)],
  ]);
  const index = { 'a/src/index.ts': '', 'a/dist/index.d.ts': declaration };
  return join(createWorkspace({ ...Object.fromEntries([...built, ...code]), ...index, ...files }), 'a');
}

function listDeclarations(dir: string): string[] {
  const files = [...listReached(dir, manifest)].filter(file => file.endsWith('.d.ts'));
  return files.map(file => withSlashes(relative(join(dir, 'dist'), file))).sort();
}

describe('the declarations that users come to', () => {
  it.each(Object.entries(ways))('are those that others import for %s', (_, declaration) => {
    expect(listDeclarations(createBuilt(declaration))).toEqual(['found.d.ts', 'index.d.ts']);
  });

  it('are found at whatever distance, and when they import each other', () => {
    const dir = createBuilt("export { a } from './found.js';\n", {
      'a/dist/found.d.ts': "export { a } from './deep/one.js';\n",
      'a/dist/deep/one.d.ts': "import { B } from '../found.js';\n",
    });
    expect(listDeclarations(dir)).toEqual(['deep/one.d.ts', 'found.d.ts', 'index.d.ts']);
  });

  it('are those of every platform behind a name with #', () => {
    const dir = createBuilt("export { place } from '#place';\n");
    expect(listDeclarations(dir)).toEqual(['index.d.ts', 'place-node.d.ts', 'place-web.d.ts']);
  });

  it('are not what comments and other packages name', () => {
    const text = "/** As in\n * import { a } from './found.js';\n */\nimport { b } from '@dimp/b';\n";
    expect(listDeclarations(createBuilt(text))).toEqual(['index.d.ts']);
  });

  it('count when they are missing', () => {
    expect(listDeclarations(createBuilt("export { a } from './gone.js';\n"))).toContain('gone.d.ts');
  });
});

describe('what is not published', () => {
  const listOf = (dir: string, folder: string): string[] =>
    readFileSync(join(dir, folder, '.npmignore'), 'utf8')
      .trimEnd()
      .split('\n');

  it('is declarations that nobody comes to, and sources to which no map leads', () => {
    const dir = createBuilt("export { a } from './found.js';\n");
    writeLeftOut(dir, manifest);
    const bases = ['hidden', 'place-node', 'place-web', 'run'];
    expect(listOf(dir, 'dist')).toEqual(bases.flatMap(base => [`/${base}.d.ts`, `/${base}.d.ts.map`]));
    // the others have code that is published
    expect(listOf(dir, 'src')).toEqual(['/hidden.ts']);
  });

  it('follows the sources', () => {
    const dir = createBuilt("export { a } from './found.js';\n");
    writeLeftOut(dir, manifest);
    const { mtimeMs } = statSync(join(dir, 'src/.npmignore'));
    writeLeftOut(dir, manifest);
    expect(statSync(join(dir, 'src/.npmignore')).mtimeMs).toBe(mtimeMs);

    writeFileSync(join(dir, 'dist/found.d.ts'), "export { a } from './hidden.js';\n");
    writeLeftOut(dir, manifest);
    expect(existsSync(join(dir, 'src/.npmignore'))).toBe(false);
    expect(listOf(dir, 'dist')).not.toContain('/hidden.d.ts');

    writeFileSync(join(dir, 'dist/index.d.ts'), '');
    for (const file of ['src/hidden.ts', 'dist/hidden.d.ts', 'dist/hidden.d.ts.map']) rmSync(join(dir, file));
    writeLeftOut(dir, manifest);
    expect(listOf(dir, 'src')).toEqual(['/found.ts']);
    expect(listOf(dir, 'dist')).not.toContain('/hidden.d.ts');
  });
});
