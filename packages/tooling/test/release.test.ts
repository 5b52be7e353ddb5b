import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { consumers } from '../src/consumers/list.mjs';
import { createTools } from '../src/consumers/tools.mjs';
import { getDependencyReleaseLine, getReleaseLine } from '../src/release/changelog.mjs';
import { createChildren } from '../src/release/children.mjs';
import { checkRegistry, registryEnv } from '../src/release/environment.mjs';
import { findInconsistent, listPublished } from '../src/release/published.mjs';
import { carriesVersions } from '../src/release/use.mjs';
import { isWithin, planVersions, readChangesets } from '../src/release/versions.mjs';
import { createWorkspace } from './fixture.js';

const packages = [
  { name: '@dimp/crypto', version: '0.1.0', dependencies: [] },
  { name: '@dimp/mkm', version: '0.1.3', dependencies: ['@dimp/crypto'] },
  { name: '@dimp/sdk', version: '0.2.0', dependencies: ['@dimp/mkm'] },
];

describe('the plan of versions', () => {
  const plan = (asked: Readonly<Record<string, 'patch' | 'minor' | 'major'>>) => [
    ...planVersions(packages, new Map(Object.entries(asked))).values(),
  ];

  it('takes along what a minor change below 1.0 leaves behind, and nothing beyond', () => {
    expect(plan({ '@dimp/crypto': 'minor' })).toEqual(['0.2.0', '0.1.4', '0.2.0']);
  });

  it('leaves the others alone when their range still holds', () => {
    expect(plan({ '@dimp/crypto': 'patch' })).toEqual(['0.1.1', '0.1.3', '0.2.0']);
    expect(plan({})).toEqual(['0.1.0', '0.1.3', '0.2.0']);
  });

  it('keeps what is asked for of a package that is taken along', () => {
    expect(plan({ '@dimp/crypto': 'major', '@dimp/mkm': 'minor' })).toEqual(['1.0.0', '0.2.0', '0.2.1']);
  });

  it.each([
    ['1.2.3', '^1.2.3', true],
    ['1.3.0', '^1.2.3', true],
    ['1.2.2', '^1.2.3', false],
    ['2.0.0', '^1.2.3', false],
    ['0.1.4', '^0.1.3', true],
    ['0.2.0', '^0.1.3', false],
    ['0.0.1', '^0.0.0', false],
    ['0.0.0', '^0.0.0', true],
    ['1.2.3', 'workspace:^', false],
  ])('says of %s within %s: %s', (version, range, expected) => {
    expect(isWithin(version, range)).toBe(expected);
  });

  it('reads the largest bump that changesets ask for', () => {
    const top = createWorkspace({
      'one.md': "---\n'@dimp/crypto': patch\n'@dimp/mkm': minor\n---\n\nMended.\n",
      'two.md': '---\n"@dimp/crypto": minor\n---\n\nAdded:\n\'@dimp/sdk\': major\n',
      'README.md': "---\n'@dimp/sdk': major\n---\n",
      'config.json': {},
    });
    expect(Object.fromEntries(readChangesets(top))).toEqual({
      '@dimp/crypto': 'minor',
      '@dimp/mkm': 'minor',
    });
  });
});

describe('what a registry has', () => {
  const version = (shasum: string, dependencies?: Readonly<Record<string, string>>) => ({
    dist: { shasum },
    ...(dependencies === undefined ? {} : { dependencies }),
  });
  const crypto = { versions: { '0.1.0': version('c') } };
  const mkm = { versions: { '0.1.0': version('m', { '@dimp/crypto': '^0.1.0', bs58: '^6.0.0' }) } };

  it('is consistent when all that is asked for is there', () => {
    const published = new Map([
      ['@dimp/crypto', crypto],
      ['@dimp/mkm', mkm],
    ]);
    expect(findInconsistent(published)).toEqual([]);
    expect(listPublished(published)).toEqual(['@dimp/crypto@0.1.0 c', '@dimp/mkm@0.1.0 m']);
  });

  it('is not when a package came before what it needs, or asks with workspace:', () => {
    const bad = { versions: { '0.1.0': version('s', { '@dimp/crypto': 'workspace:^' }) } };
    expect(
      findInconsistent(new Map(Object.entries({ '@dimp/crypto': { versions: {} }, '@dimp/mkm': mkm }))),
    ).toEqual(['@dimp/mkm@0.1.0 asks for @dimp/crypto ^0.1.0, which is not published']);
    expect(findInconsistent(new Map(Object.entries({ '@dimp/crypto': crypto, '@dimp/sdk': bad })))).toEqual([
      '@dimp/sdk@0.1.0 asks for @dimp/crypto workspace:^, which is not published',
    ]);
  });
});

describe('the lines of a changelog', () => {
  it('begin with the text and end with the commit', async () => {
    expect(await getReleaseLine({ summary: 'Added x.\n\nBefore:\n', commit: '586bbe3aaaa' })).toBe(
      '- Added x. (586bbe3)\n\n  Before:',
    );
    expect(await getReleaseLine({ summary: 'Added x.' })).toBe('- Added x.');
  });

  it('name what a package needs once, and nothing when that is as before', async () => {
    const updates = ['@dimp/crypto-node', '@dimp/crypto'].map(name => ({ name, newVersion: '0.2.0' }));
    expect(await getDependencyReleaseLine([], updates)).toBe(
      '- Needs `@dimp/crypto` 0.2.0, `@dimp/crypto-node` 0.2.0.',
    );
    expect(await getDependencyReleaseLine([], [])).toBe('');
  });
});

describe('the surroundings of a rehearsal', () => {
  const url = 'http://127.0.0.1:1/';

  it('hold none of the settings and tokens of the user', () => {
    const secrets = {
      NODE_AUTH_TOKEN: 'secret',
      NPM_TOKEN: 'secret',
      npm_config_registry: 'secret',
      NPM_CONFIG__AUTH: 'secret',
      pnpm_config_registry: 'secret',
    };
    Object.assign(process.env, secrets);
    try {
      const env = registryEnv(createWorkspace({}), url);
      expect(Object.values(env)).not.toContain('secret');
      expect(env['PATH']).toBe(process.env['PATH']);
    } finally {
      for (const name of Object.keys(secrets)) delete process.env[name];
    }
  });

  it('refuse a package that names a registry of its own', async () => {
    const children = { ...createChildren(new AbortController().signal), run: async () => `${url}\n` };
    const manifest = { name: '@dimp/a', publishConfig: { registry: 'http://127.0.0.1:2/' } };
    await expect(checkRegistry(url, [{ name: 'a', dir: '', manifest }], children, {})).rejects.toThrow(
      'publishConfig of @dimp/a names a registry',
    );
  });

  it('refuse a registry that npm or pnpm would ask instead', async () => {
    const children = {
      ...createChildren(new AbortController().signal),
      run: async () => 'http://127.0.0.1:2/\n',
    };
    await expect(checkRegistry(url, [], children, {})).rejects.toThrow(
      'npm would publish to another registry',
    );
  });
});

describe('a registry that does not start', () => {
  const registry = JSON.stringify(import.meta.resolve('../src/release/registry.mjs'));
  const children = JSON.stringify(import.meta.resolve('../src/release/children.mjs'));
  const program = `
const { startRegistry } = await import(${registry});
const { createChildren } = await import(${children});
const running = createChildren(new AbortController().signal);
await startRegistry(process.cwd(), 'http://127.0.0.1:1/', running).catch(error => console.log(error.message));
`;

  it.each([
    ['3', 'process.exitCode = 3'],
    ['SIGKILL', 'process.kill(process.pid, "SIGKILL")'],
  ])(
    'ends with %s, and nothing keeps the program',
    (end, script) => {
      const folder = createWorkspace({ 'node_modules/verdaccio/bin/verdaccio': script });
      const args = ['--input-type=module', '--eval', program];
      // what hangs is killed, and has no status
      const ended = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 30_000 });
      expect(ended).toMatchObject({ status: 0, stdout: `verdaccio ended with ${end}\n` });
    },
    40_000,
  );
});

describe('what a release carries', () => {
  const check = (manifest: unknown, changelog: string): Promise<readonly string[]> => {
    const folder = createWorkspace({
      'node_modules/@dimp/a/package.json': manifest,
      'node_modules/@dimp/a/CHANGELOG.md': changelog,
    });
    const [consumer] = consumers;
    if (consumer === undefined) throw new Error('no consumer');
    const children = createChildren(new AbortController().signal);
    const versions = new Map([
      ['@dimp/a', '0.2.0'],
      ['@dimp/b', '0.1.0'],
    ]);
    const tools = createTools(folder, children);
    return carriesVersions(versions).run({ consumer, folder, children, tools, env: {} });
  };

  it('is every package in its version, with its changelog', async () => {
    expect(await check({ version: '0.2.0' }, '# a\n\n## 0.2.0\n')).toEqual(['@dimp/b is not installed']);
    expect(await check({ version: '0.1.0', dependencies: { c: 'workspace:^' } }, '## 0.1.0\n')).toEqual([
      '@dimp/a is 0.1.0 and not 0.2.0',
      'the CHANGELOG.md of @dimp/a says nothing of 0.2.0',
      '@dimp/a asks for workspace:',
      '@dimp/b is not installed',
    ]);
  });
});

describe('children', () => {
  it('give what they printed, and their failure as an error', async () => {
    const { attempt, run } = createChildren(new AbortController().signal);
    const script = 'console.log("out"); console.error("err"); process.exitCode = 3';
    expect(await attempt(process.execPath, ['--eval', script])).toMatchObject({ status: 3, stdout: 'out\n' });
    await expect(run(process.execPath, ['--eval', script])).rejects.toThrow(/ended with 3\n.*err/s);
    await expect(run('there-is-no-such-program', [])).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are stopped with what they started', async () => {
    const controller = new AbortController();
    const { start, ended, attempt } = createChildren(controller.signal);
    const inner = 'setInterval(() => {}, 1000); process.stdout.write("up")';
    const script = `require('node:child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(inner)}], { stdio: 'inherit' })`;
    const child = start(process.execPath, ['--eval', script]);
    await once(child.stdout, 'data');
    controller.abort(new Error('enough'));
    // the inner one holds the output of the outer one open, so this waits for both
    await ended();
    await expect(attempt(process.execPath, ['--version'])).rejects.toThrow('enough');
  });
});
