import { describe, expect, it } from '@jest/globals';
import { check } from '../src/checks/layers.mjs';
import { createWorkspace } from './fixture.js';

const group = ['@dimp/**', '!@dimp/mkm', '!@dimp/mkm/**', '!@dimp/crypto', '!@dimp/crypto/**'];
const lint = {
  overrides: [
    {
      includes: ['packages/mkm/**'],
      linter: { rules: { style: { noRestrictedImports: { options: { patterns: [{ group }] } } } } },
    },
  ],
};

function checkMkm(files: Readonly<Record<string, unknown>>): string[] {
  return check(createWorkspace({ 'biome.json': lint, 'packages/mkm/package.json': {}, ...files }));
}

describe('the layer check', () => {
  it('takes what names lower packages, itself and the private condition', () => {
    const problems = checkMkm({
      'packages/mkm/package.json': { dependencies: { '@dimp/crypto': 'workspace:^' } },
      'packages/mkm/src/id.ts': "import { x } from '@dimp/crypto/aes';\nimport { y } from './y.js';\n",
      'packages/mkm/test/id.test.ts': "read('../../interop/vectors/v1/ids.json'); // '@dimp/source'\n",
      'packages/mkm/README.md': 'npm install @dimp/mkm\n',
    });
    expect(problems).toEqual([]);
  });

  it('refuses a higher package in each kind of dependency, and another range', () => {
    const problems = checkMkm({
      'packages/mkm/package.json': {
        dependencies: { '@dimp/crypto': '^0.1.0' },
        devDependencies: { '@dimp/sdk': 'workspace:^' },
        peerDependencies: { '@dimp/dkd': 'workspace:^' },
      },
    });
    expect(problems).toEqual([
      'packages/mkm/package.json asks for @dimp/crypto ^0.1.0; write workspace:^',
      'packages/mkm/package.json depends on @dimp/sdk; mkm may name crypto',
      'packages/mkm/package.json depends on @dimp/dkd; mkm may name crypto',
    ]);
  });

  it('refuses a higher package in sources, tests, comments and the README', () => {
    const problems = checkMkm({
      'packages/mkm/src/id.ts': '\n// see @dimp/core\n',
      'packages/mkm/test/deep/id.test.ts': "await import('@dimp/interop');\n",
      'packages/mkm/README.md': 'Use @dimp/sdk.\n',
    });
    expect(problems).toEqual([
      'packages/mkm/src/id.ts:2 names @dimp/core; mkm may name crypto',
      'packages/mkm/test/deep/id.test.ts:1 names @dimp/interop; mkm may name crypto',
      'packages/mkm/README.md:1 names @dimp/sdk; mkm may name crypto',
    ]);
  });

  it("refuses the way into another package's folder", () => {
    const problems = checkMkm({
      'packages/mkm/test/id.test.ts': "import { x } from '../../crypto/src/index.js';\n",
    });
    expect(problems).toEqual([
      'packages/mkm/test/id.test.ts:1 imports ../../crypto/src/index.js, a file of another package; import it by name',
    ]);
  });

  it('wants a place for each package, and the same table in biome.json', () => {
    expect(checkMkm({ 'packages/new/package.json': {} })).toEqual([
      'packages/new has no place in the layers of checks/layers.mjs',
    ]);
    expect(checkMkm({ 'biome.json': {} })).toEqual([
      `biome.json: noRestrictedImports of packages/mkm/** should list ${JSON.stringify(group)}`,
    ]);
  });
});
