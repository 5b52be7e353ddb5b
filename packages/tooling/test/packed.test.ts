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
  'a/dist/index.d.ts': '',
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
    expect(problemsOf({ 'a/package.json': manifest, 'a/src/index.ts': source })).toEqual(
      ['.d.ts', '.d.ts.map', '.js', '.js.map'].map(ending => `lacks dist/index${ending}`),
    );
    expect(problemsOf({ 'a/package.json': {} })).toEqual(['lacks src']);
  });

  it('refuses a chunk that is imported and not there', () => {
    const { 'a/dist/chunks/0B.js': _, ...rest } = good;
    expect(problemsOf(rest)).toEqual(['lacks dist/chunks/0B.js']);
  });

  it.each(['deep/old.js', 'chunks/0C.js', 'chunks/0C.js.map', 'old.d.ts'])(
    'refuses %s, which an earlier build left',
    file => {
      expect(problemsOf({ ...good, [`a/dist/${file}`]: chunkMap })).toEqual([
        `holds dist/${file}, which belongs to no source; delete dist and build again`,
      ]);
    },
  );

  it('refuses maps that lead out of the package', () => {
    const away = { version: 3, sourceRoot: '../..', sources: ['src/index.ts'] };
    expect(problemsOf({ ...good, 'a/dist/index.js.map': away })).toEqual([
      'maps dist/index.js.map to src/index.ts, which it does not hold',
    ]);
  });
});
