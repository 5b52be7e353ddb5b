import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { markPure } from '../src/build/pure.mjs';
import { install, type Source } from '../src/consumers/install.mjs';
import { forEach } from '../src/consumers/pool.mjs';
import { findNoise, strangersEnvironment } from '../src/consumers/surroundings.mjs';
import { findUnused } from '../src/consumers/uses/bundle.mjs';
import { checkPackage } from '../src/consumers/uses/contents.mjs';
import { bundleUntold, findRest } from '../src/consumers/uses/effects.mjs';
import { judge } from '../src/consumers/uses/modules.mjs';
import { createChildren } from '../src/release/children.mjs';
import { createWorkspace } from './fixture.js';

describe('what npm says', () => {
  it('is no noise when it is the summary, or of the settings of the machine', () => {
    const output = 'npm warn Unknown user config "x". See help.\n\nadded 7 packages in 943ms\n';
    expect(findNoise(output)).toEqual([]);
    expect(findNoise('up to date in 1s\n')).toEqual([]);
  });

  it('is noise when it warns, unless that was expected', () => {
    const output = 'npm warn deprecated old@1.0.0: no longer supported\nadded 1 package in 1s\n';
    expect(findNoise(output)).toEqual(['npm warn deprecated old@1.0.0: no longer supported']);
    expect(findNoise(output, /^npm warn deprecated old@/)).toEqual([]);
  });

  it('does not depend on what the workspace set', () => {
    const own = { npm_config_loglevel: 'silent', NODE_OPTIONS: '--no-warnings', npm_lifecycle_event: 'test' };
    const kept = { npm_config_cache: '/cache', NPM_CONFIG_USERCONFIG: '/npmrc', PATH: '/bin' };
    expect(strangersEnvironment({ ...own, ...kept })).toEqual({ ...kept, NO_COLOR: '1' });
  });
});

describe('what a program prints', () => {
  it('must be what was expected, and nothing else', () => {
    expect(judge('{"a":1}\n', { a: 1 })).toEqual([]);
    expect(judge('{"a":2}\n', { a: 1 })).toEqual(['gives {"a":2}, expected {"a":1}']);
    expect(judge('(node:1) Warning: x\n{"a":1}\n', { a: 1 })).toEqual(['printed\n(node:1) Warning: x']);
    expect(judge('', { a: 1 })).toEqual(['printed ']);
  });
});

describe('what a bundle keeps of a module of which nothing is used', () => {
  const keyed = (value: string): Promise<string> => {
    const top = createWorkspace({
      'node_modules/@dimp/a/package.json': { type: 'module', sideEffects: false, exports: './index.js' },
      'node_modules/@dimp/a/index.js': `import { name } from './name.js';\nimport 'other';\n${value}\nexport { A };\n`,
      'node_modules/@dimp/a/name.js': 'export const name = Symbol.for("a");\n',
    });
    return bundleUntold('@dimp/a', top, 'browser').then(findRest);
  };
  const impure = 'var A = class {\n  [name]() {\n  }\n};';

  it('is nothing, although package.json is not read', async () => {
    expect(await keyed(markPure(impure))).toBe('');
  });

  it('is told when there is something', async () => {
    expect(await keyed(impure)).toContain('[name]()');
    expect(await keyed('var A = 1;\nglobalThis.b = A;')).toContain('globalThis.b');
  });
});

describe('what a bundle leaves out', () => {
  it('must not be in it, and must be in the whole', () => {
    expect(findUnused('aes', 'aes rsa', ['rsa'])).toEqual([]);
    expect(findUnused('aes rsa', 'aes rsa', ['rsa'])).toEqual(['the bundle holds "rsa", which nothing uses']);
    expect(findUnused('aes', 'aes', ['rsa'])).toEqual(['the whole bundle lacks "rsa"']);
  });
});

describe('what a tarball holds', () => {
  // as esbuild writes it for `export function hello(): void {}`
  const map = {
    version: 3,
    sources: ['../src/index.ts'],
    mappings: 'AAAO,SAAS,QAAc;AAAC;',
    names: [],
  };
  const good = {
    'a/package.json': { license: 'MIT', sideEffects: false, exports: './dist/index.js' },
    'a/LICENSE': '',
    'a/README.md': '[More](MORE.md), [far](https://example.org), [here](#part)',
    'a/MORE.md': '',
    'a/src/index.ts': 'export function hello(): void {}\n',
    'a/dist/index.js': 'function hello() {\n}\nexport {\n  hello\n};\n//# sourceMappingURL=index.js.map\n',
    'a/dist/index.js.map': map,
    'a/dist/index.d.ts': '',
    'a/dist/index.d.ts.map': map,
  };
  const problemsOf = (files: Readonly<Record<string, unknown>>): readonly string[] =>
    checkPackage(join(createWorkspace(files), 'a'));

  it('is what it needs', () => {
    expect(problemsOf(good)).toEqual([]);
  });

  it('lacks nothing', () => {
    const { 'a/LICENSE': _, 'a/MORE.md': __, ...rest } = good;
    expect(problemsOf({ ...rest, 'a/package.json': { exports: './dist/index.js' } })).toEqual([
      'lacks LICENSE',
      'package.json does not say "sideEffects": false',
      'package.json names the license undefined',
      'README leads to MORE.md, which is not there',
    ]);
  });

  it('is used', () => {
    expect(problemsOf({ ...good, 'a/notes.txt': '' })).toEqual([
      'holds notes.txt, which its README does not name',
    ]);
  });

  it('has maps that lead to the right lines', () => {
    const moved = '// one line more\nexport function hello(): void {}\n';
    expect(problemsOf({ ...good, 'a/src/index.ts': moved })).toEqual([
      'dist/index.js maps hello to "// one line more"',
    ]);
    const { 'a/dist/index.js': code, ...rest } = good;
    expect(problemsOf({ ...rest, 'a/dist/index.js': code.replace(/^\/\/#.*$/m, '') })).toEqual([
      'dist/index.js has no map',
    ]);
  });
});

it('a pool does everything once, and tells of a failure', async () => {
  const done: number[] = [];
  await forEach([1, 2, 3, 4, 5], async number => void done.push(number));
  expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
  const failing = forEach([1, 2], number =>
    number === 1 ? Promise.reject(new Error('no')) : Promise.resolve(),
  );
  await expect(failing).rejects.toThrow('no');
});

describe('what is not understood', () => {
  const call = (script: string, ...args: readonly string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../src', script), ...args], { encoding: 'utf8' });

  it('ends the consumers with 2', () => {
    const { status, stderr } = call('consumers/main.mjs', 'nothing');
    expect(status).toBe(2);
    expect(stderr).toContain('"nothing" is none of mkm, dkd, sdk,');
  });

  it.each(['nonsense', '', 'localhost:4873', 'file:///registry'])('is the registry %j', registry => {
    const { status, stderr } = call('consumers/main.mjs', `--registry=${registry}`);
    expect(status).toBe(2);
    expect(stderr).toContain(`"${registry}" is no URL of a registry`);
  });

  it.each([['typo'], ['layers', 'typo']])('ends verify with 2: %j', (...words) => {
    const { status, stdout, stderr } = call('verify.mjs', ...words);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('No check has "typo" in its title. The checks:\n  layers\n');
  });
});

describe('an install', () => {
  const consumer = { name: 'mkm', installs: ['@dimp/mkm'], finds: [], runsIn: [], expects: {} };
  const run = async (source: Source): Promise<{ problems: readonly string[]; asked: readonly string[] }> => {
    const asked: string[] = [];
    const children = {
      ...createChildren(new AbortController().signal),
      attempt: async (_: string, args: readonly string[]) => {
        asked.push(...args);
        return { status: 1, output: 'npm error code ECONNREFUSED\nnpm error refused\n', stdout: '' };
      },
    };
    const problems = await install(consumer, createWorkspace({}), source, children, {});
    return { problems, asked };
  };

  it('that fails is one problem, whatever npm says of it', async () => {
    const { problems } = await run({ tarballs: new Map() });
    expect(problems).toEqual(['npm install ended with 1\nnpm error code ECONNREFUSED\nnpm error refused']);
  });

  it('asks the registry that is named, for our scope too', async () => {
    const url = 'http://127.0.0.1:1/';
    const { asked } = await run({ registry: url, cache: '/cache' });
    expect(asked).toEqual(
      expect.arrayContaining([`--registry=${url}`, `--@dimp:registry=${url}`, '--cache=/cache']),
    );
  });
});
