import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compareReport, formatReport } from '../src/api/report.mjs';
import { readSurfaces, type Surface } from '../src/api/surface.mjs';
import { listPackages } from '../src/workspace.mjs';
import { createWorkspace } from './fixture.js';

const entry = (file: string) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });
const files = {
  'packages/a/package.json': {
    name: '@dimp/a',
    bin: { act: './dist/act.js' },
    exports: { '.': entry('index'), './extra': entry('extra'), './package.json': './package.json' },
  },
  'packages/a/dist/index.d.ts': `
export { type Kinds, open } from './open.js';
export { Local as Renamed, type Sealed } from './local.js';
export { type Other as Foreign } from '@dimp/b';
`,
  'packages/a/dist/extra.d.ts': `
import './kinds.js';
export { open } from './open.js';
/** A limit. */
export declare const limit = 8;
`,
  'packages/a/dist/open.d.ts': `
import type { Options } from './options.js';
/** All kinds. */
export interface Kinds {
    /** Nothing. */
    none: undefined;
}
/** Opens. */
export declare function open(path: string): Promise<Kinds>;
export declare function open(path: string, options: Options): Promise<Kinds>;
`,
  'packages/a/dist/options.d.ts': `
import type { Other } from '@dimp/b';
export interface Options {
    readonly other: readonly Other[] | Date;
}
export interface Unused {
}
`,
  'packages/a/dist/local.d.ts': `
export interface Local {
}
export declare class Sealed {
    #private;
}
`,
  'packages/a/dist/kinds.d.ts': `
declare module './open.js' {
    interface Kinds {
        more: number;
    }
}
declare module '@dimp/b' {
    interface Other {
        more: boolean;
    }
}
export {};
`,
  'packages/a/node_modules/@dimp/b/package.json': { name: '@dimp/b', exports: { types: './index.d.ts' } },
  'packages/a/node_modules/@dimp/b/index.d.ts': 'export interface Other {}\n',
};

const surfaceOf = (changed: Readonly<Record<string, string>> = {}): Surface => {
  const packages = listPackages(createWorkspace({ ...files, ...changed }));
  const [surface] = readSurfaces(packages, packages);
  if (surface === undefined) throw new Error('no surface');
  return surface;
};

describe('the report of public names and types', () => {
  it('shows every entry once, what these mention, what is added to others, and no comments', () => {
    expect(formatReport(surfaceOf())).toBe(`# @dimp/a

Its public names and types, written by \`pnpm api\`. A change here is a change for users: it wants a changeset.

## Commands

- \`act\`

## @dimp/a

\`\`\`ts
export { Other as Foreign } from '@dimp/b';

interface Kinds {
  more: number;
}
interface Kinds {
  none: undefined;
}

export { Local as Renamed };

class Sealed {
  #private;
}
export type { Sealed };

function open(path: string): Promise<Kinds>;
function open(path: string, options: Options): Promise<Kinds>;
\`\`\`

## @dimp/a/extra

\`\`\`ts
const limit = 8;

export { open } from '@dimp/a';
\`\`\`

## Types without a public name

\`\`\`ts
interface Local {
}

interface Options {
  readonly other: readonly Other[] | Date;
}
\`\`\`

## Added to @dimp/b

\`\`\`ts
interface Other {
  more: boolean;
}
\`\`\`

## Names of other packages

- \`@dimp/b\`: Other
`);
  });

  it('says what to do when a package was not built', () => {
    const packages = listPackages(
      createWorkspace({
        'packages/a/package.json': { name: '@dimp/a', exports: { './x': entry('x') } },
      }),
    );
    expect(() => readSurfaces(packages, packages)).toThrow(
      '@dimp/a/x: dist/x.d.ts is not there; build first',
    );
  });

  it('refuses a declaration that it cannot show', () => {
    const text = 'export declare namespace Names { const one = 1; }\n';
    expect(() => surfaceOf({ 'packages/a/dist/extra.d.ts': text })).toThrow('cannot show ModuleDeclaration');
  });
});

describe('the comparison with the committed report', () => {
  const committed = formatReport(surfaceOf());
  const compare = (changed: Readonly<Record<string, string>>): string[] =>
    compareReport(committed, surfaceOf(changed));

  it('finds nothing where nothing changed, whatever the ends of lines', () => {
    expect(compare({})).toEqual([]);
    expect(compareReport(committed.replaceAll('\n', '\r\n'), surfaceOf())).toEqual([]);
  });

  it('names what was added, removed and changed', () => {
    expect(
      compare({ 'packages/a/dist/extra.d.ts': 'export declare const limits: readonly number[];\n' }),
    ).toEqual([
      '@dimp/a: added extra › limits; removed extra › limit, extra › open, Added to @dimp/b › Other; changed Kinds',
    ]);
    const options = 'export interface Options {\n    readonly fast: boolean;\n}\n';
    expect(compare({ 'packages/a/dist/options.d.ts': options })).toEqual([
      '@dimp/a: removed Names of other packages › @dimp/b; changed Types without a public name › Options',
    ]);
  });

  it('names a missing report and one that was edited', () => {
    expect(compareReport(undefined, surfaceOf())).toEqual(['@dimp/a has no report yet']);
    expect(compareReport(`${committed}\n`, surfaceOf())).toEqual(['@dimp/a: its report was edited']);
  });

  it('holds no path of the machine', () => {
    expect(committed).not.toContain(join(import.meta.dirname, '..'));
    expect(committed).not.toContain('node_modules');
  });
});
