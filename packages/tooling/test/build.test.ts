import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeJavaScript } from '../src/build/javascript.mjs';
import { withDependencies } from '../src/build.mjs';
import { checkBuilt } from '../src/checks/packed.mjs';
import { withSlashes } from '../src/platform.mjs';
import { listFiles } from '../src/workspace.mjs';
import { createWorkspace } from './fixture.js';

const manifest = {
  name: '@dimp/a',
  exports: {
    '.': { '@dimp/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './one': './dist/one.js',
    './two': './dist/deep/two.js',
    './package.json': './package.json',
  },
  bin: { run: './dist/bin/run.js' },
  imports: { '#place': { node: './dist/place-node.js', default: './dist/place-portable.js' } },
};

/** `index` builds on an entry, and on what all share; `two` on a library. */
const sources = {
  'index.ts': "export { one } from './one.js';\nexport { shared } from './shared.js';\n",
  'one.ts':
    "import { place } from '#place';\nimport { shared } from './shared.js';\nexport const one = shared + place;\n",
  'deep/two.ts':
    "import { other } from './other.js';\nimport { library } from 'library';\nexport const two: unknown = [other, library];\n",
  'deep/other.ts': 'export const other = 2;\n',
  'bin/run.ts': "#!/usr/bin/env node\nimport { one } from '../index.js';\nconsole.log(one);\n",
  'shared.ts': "export { more } from './more.js';\nexport const shared = 'a';\n",
  'more.ts': 'export const more = 1;\n',
  'place-node.ts': "export const place = 'node';\n",
  'place-portable.ts': "import { more } from './more.js';\nexport const place = ['portable', more];\n",
  'unused.ts': 'export const unused = 0;\n',
};

/** A package with these sources; gives its folder. */
function createPackage(files: Readonly<Record<string, string>> = sources): string {
  const own = Object.entries(files).map(([path, text]) => [`a/src/${path}`, text]);
  return join(createWorkspace({ 'a/package.json': manifest, ...Object.fromEntries(own) }), 'a');
}

function listBuilt(dir: string): string[] {
  return listFiles(join(dir, 'dist')).map(path => withSlashes(relative(join(dir, 'dist'), path)));
}

function listCode(dir: string): string[] {
  return listBuilt(dir).filter(path => path.endsWith('.js'));
}

const read = (dir: string, path: string): string => readFileSync(join(dir, 'dist', path), 'utf8');

describe('the JavaScript of a package', () => {
  it('is a module for each target and one chunk of what they share', async () => {
    const dir = createPackage();
    expect(await writeJavaScript(dir, manifest)).toEqual([]);
    const [bin, chunk = '', ...rest] = listCode(dir);
    expect(bin).toBe('bin/run.js');
    expect(chunk).toMatch(/^chunks\/[0-9A-Z]+\.js$/);
    expect(rest).toEqual(['deep/two.js', 'index.js', 'one.js', 'place-node.js', 'place-portable.js']);
    expect(read(dir, chunk)).toContain('var shared = "a"');
    expect(read(dir, chunk)).toContain('var more = 1');
    for (const path of rest) expect(read(dir, path)).toContain(chunk);
  });

  it('leaves other packages, platform code and other entries where they are', async () => {
    const dir = createPackage();
    await writeJavaScript(dir, manifest);
    expect(read(dir, 'one.js')).toContain('from "#place"');
    expect(read(dir, 'deep/two.js')).toContain('from "library"');
    expect(read(dir, 'index.js')).toContain('from "@dimp/a/one"');
    expect(read(dir, 'index.js')).not.toContain('place');
    expect(read(dir, 'bin/run.js')).toMatch(/^#!\/usr\/bin\/env node\n[\s\S]*from "@dimp\/a"/);
  });

  it('has maps that lead to the sources', async () => {
    const dir = createPackage();
    await writeJavaScript(dir, manifest);
    for (const base of ['index', 'one', 'deep/two']) {
      for (const ending of ['.d.ts', '.d.ts.map']) {
        writeFileSync(join(dir, 'dist', base + ending), '{"sources":[]}');
      }
    }
    expect(checkBuilt(dir)).toEqual(['holds src/unused.ts, to which no map leads']);
    expect(JSON.parse(read(dir, 'deep/two.js.map')).sources).toEqual([
      '../../src/deep/other.ts',
      '../../src/deep/two.ts',
    ]);
  });

  it('stays as it is when nothing changed', async () => {
    const dir = createPackage();
    await writeJavaScript(dir, manifest);
    const times = (): number[] => listFiles(join(dir, 'dist')).map(path => statSync(path).mtimeMs);
    const before = times();
    await writeJavaScript(dir, manifest);
    expect(times()).toEqual(before);
  });

  it('takes the place of all that an earlier build left', async () => {
    const dir = createPackage();
    await writeJavaScript(dir, manifest);
    const before = listCode(dir);
    writeFileSync(join(dir, 'src/shared.ts'), "export const shared = 'b';\n");
    for (const file of ['old.js', 'old.js.map', 'old.d.ts', 'one.d.ts', '.tsbuildinfo']) {
      writeFileSync(join(dir, 'dist', file), '');
    }
    expect(await writeJavaScript(dir, manifest)).toEqual([]);
    const after = listCode(dir);
    expect(after).toHaveLength(before.length);
    expect(after[1]).not.toBe(before[1]);
    const files = listBuilt(dir);
    expect(files.filter(path => path.endsWith('.d.ts') || path.startsWith('old'))).toEqual(['one.d.ts']);
    expect(statSync(join(dir, 'dist/.tsbuildinfo')).isFile()).toBe(true);
  });

  it('is refused, with the place, when a source is missing', async () => {
    const { 'more.ts': _, ...rest } = sources;
    const problems = await writeJavaScript(createPackage(rest), manifest);
    expect(problems).not.toEqual([]);
    for (const problem of problems) {
      expect(problem).toMatch(/^@dimp\/a: src\/(shared|place-portable)\.ts .*"\.\/more\.js"/);
    }
  });
});

describe('the packages to build', () => {
  it('are those named and all that they are built on', () => {
    const pack = (name: string, ...needed: string[]) => ({
      name,
      dir: name,
      manifest: { name, dependencies: Object.fromEntries(needed.map(other => [other, '*'])) },
    });
    const [a, b, c, d] = [pack('a'), pack('b', 'a', 'x'), pack('c', 'b'), pack('d', 'c')];
    expect(withDependencies([c], [a, b, c, d])).toEqual([c, b, a]);
    expect(withDependencies([a, b], [a, b, c, d])).toEqual([a, b]);
  });
});
