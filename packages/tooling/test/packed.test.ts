import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkBuilt } from '../src/checks/packed.mjs';
import { createWorkspace } from './fixture.js';

const map = { version: 3, sources: ['../src/index.ts'] };
const good = {
  'a/src/index.ts': '',
  'a/dist/index.js': '',
  'a/dist/index.js.map': map,
  'a/dist/index.d.ts': '',
  'a/dist/index.d.ts.map': map,
};

const problemsOf = (files: Readonly<Record<string, unknown>>): string[] =>
  checkBuilt(join(createWorkspace(files), 'a'));

describe('the check of built files', () => {
  it('takes a package whose built files and sources belong together', () => {
    expect(problemsOf(good)).toEqual([]);
  });

  it('refuses a package that was not built', () => {
    expect(problemsOf({ 'a/src/index.ts': '' })).toEqual(
      ['.js', '.js.map', '.d.ts', '.d.ts.map'].map(ending => `lacks dist/index${ending}`),
    );
    expect(problemsOf({ 'a/package.json': {} })).toEqual(['lacks src']);
  });

  it('refuses what is left of a module that is no more', () => {
    expect(problemsOf({ ...good, 'a/dist/deep/old.js': '' })).toEqual([
      'holds dist/deep/old.js, which no source makes; delete dist and build again',
    ]);
  });

  it('refuses maps that lead out of the package', () => {
    const away = { version: 3, sourceRoot: '../..', sources: ['src/index.ts'] };
    expect(problemsOf({ ...good, 'a/dist/index.js.map': away })).toEqual([
      'maps dist/index.js.map to src/index.ts, which it does not hold',
    ]);
  });
});
