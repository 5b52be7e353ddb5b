import { describe, expect, it } from '@jest/globals';
import { check } from '../src/checks/export-maps.mjs';
import { createWorkspace } from './fixture.js';

const exports = {
  '.': { '@dimp/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
  './package.json': './package.json',
};
const published = {
  '.': { types: './dist/index.d.ts', default: './dist/index.js' },
  './package.json': './package.json',
};
const imports = {
  '#codec': {
    node: { '@dimp/source': './src/node.ts', default: './dist/node.js' },
    default: { '@dimp/source': './src/index.ts', default: './dist/index.js' },
  },
};

function checkManifest(manifest: unknown): string[] {
  return check(
    createWorkspace({
      'packages/a/package.json': manifest,
      'packages/a/src/index.ts': '',
      'packages/a/src/node.ts': '',
    }),
  );
}

describe('the check of export maps', () => {
  it('takes maps that differ in the private condition only', () => {
    const publishedImports = { '#codec': { node: './dist/node.js', default: './dist/index.js' } };
    const publishConfig = { exports: published, imports: publishedImports };
    expect(checkManifest({ exports, imports, publishConfig })).toEqual([]);
    expect(checkManifest({ private: true, exports })).toEqual([]);
  });

  it('refuses an entry that is published otherwise, the private condition in public, and one map alone', () => {
    const other = { ...published, './more': { default: './dist/more.js' } };
    expect(checkManifest({ exports, publishConfig: { exports: other } })).toEqual([
      'packages/a/package.json: publishConfig.exports differs from exports without "@dimp/source"',
    ]);
    expect(checkManifest({ exports, publishConfig: { exports } })).toEqual([
      'packages/a/package.json: publishConfig.exports shows "@dimp/source" to the world',
    ]);
    expect(checkManifest({ exports, imports, publishConfig: { exports: published } })).toEqual([
      'packages/a/package.json: imports and publishConfig.imports must both be there',
    ]);
  });

  it('refuses a missing source, a missing private condition and a wrong order', () => {
    const missing = { '.': { '@dimp/source': './src/none.ts', default: './dist/none.js' } };
    expect(
      checkManifest({ exports: missing, publishConfig: { exports: { '.': './dist/none.js' } } }),
    ).toEqual(['packages/a/package.json: exports "." names ./src/none.ts, which is not there']);
    expect(checkManifest({ exports: published, publishConfig: { exports: published } })).toEqual([
      'packages/a/package.json: exports "." has no "@dimp/source"',
    ]);
    const late = { '.': { default: './dist/index.js', '@dimp/source': './src/index.ts' } };
    expect(checkManifest({ exports: late, publishConfig: { exports: { '.': './dist/index.js' } } })).toEqual([
      'packages/a/package.json: exports "." should have its conditions in the order @dimp/source, default',
    ]);
  });
});
