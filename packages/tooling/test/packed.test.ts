import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkBuilt } from '../src/checks/packed.mjs';
import { createWorkspace } from './fixture.js';

const map = { version: 3, sources: ['../src/index.ts'] };
const chunkMap = { version: 3, sources: ['../../src/part.ts'] };
const good = {
  'a/package.json': { exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } } },
  'a/src/index.ts': '',
  'a/src/part.ts': '',
  'a/dist/index.js': 'import {\n  a\n} from "./chunks/0A.js";\nimport "@dimp/b";\n',
  'a/dist/index.js.map': map,
  'a/dist/index.d.ts': "export { a } from './part.js';\n",
  'a/dist/index.d.ts.map': map,
  'a/dist/part.d.ts': '',
  'a/dist/part.d.ts.map': { version: 3, sources: ['../src/part.ts'] },
  'a/dist/chunks/0A.js': 'import "./0B.js";\n',
  'a/dist/chunks/0A.js.map': chunkMap,
  'a/dist/chunks/0B.js': '',
  'a/dist/chunks/0B.js.map': chunkMap,
};

const problemsOf = (files: Readonly<Record<string, unknown>>): string[] =>
  checkBuilt(join(createWorkspace(files), 'a'));

describe('the check of built files', () => {
  it('takes a package whose built files and sources belong together', () => {
    expect(problemsOf(good)).toEqual([]);
  });

  it('refuses a package that was not built', () => {
    const { 'a/package.json': manifest, 'a/src/index.ts': source } = good;
    expect(problemsOf({ 'a/package.json': manifest, 'a/src/index.ts': source })).toEqual([
      ...['.js', '.js.map', '.d.ts', '.d.ts.map'].map(ending => `lacks dist/index${ending}`),
      'holds src/index.ts, to which no map leads',
    ]);
    expect(problemsOf({ 'a/package.json': {} })).toEqual(['lacks src']);
  });

  it('refuses a chunk that is imported and not there', () => {
    const { 'a/dist/chunks/0B.js': _, ...rest } = good;
    expect(problemsOf(rest)).toEqual(['lacks dist/chunks/0B.js']);
  });

  it('refuses a declaration that is imported and not there', () => {
    const { 'a/dist/part.d.ts': _, ...rest } = good;
    expect(problemsOf(rest)).toEqual(['lacks dist/part.d.ts']);
  });

  it.each([
    'dist/deep/old.js',
    'dist/chunks/0C.js',
    'dist/chunks/0C.js.map',
    'dist/old.d.ts',
    'dist/old.d.ts.map',
  ])('refuses %s, which nobody comes to', file => {
    expect(problemsOf({ ...good, [`a/${file}`]: chunkMap })).toEqual([
      `holds ${file}, to which nothing in package.json leads`,
    ]);
  });

  it('refuses a source to which no map leads, also when one of no use does', () => {
    expect(problemsOf({ ...good, 'a/src/types.ts': '' })).toEqual([
      'holds src/types.ts, to which no map leads',
    ]);
    const unused = { version: 3, sources: ['../src/types.ts'] };
    expect(problemsOf({ ...good, 'a/src/types.ts': '', 'a/dist/types.d.ts.map': unused })).toEqual([
      'holds dist/types.d.ts.map, to which nothing in package.json leads',
      'holds src/types.ts, to which no map leads',
    ]);
  });

  it('refuses maps that lead out of the package', () => {
    const away = { version: 3, sourceRoot: '../..', sources: ['src/index.ts'] };
    expect(problemsOf({ ...good, 'a/dist/index.js.map': away })).toEqual([
      'maps dist/index.js.map to ../src/index.ts, which it does not hold',
    ]);
  });
});
