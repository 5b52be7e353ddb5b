import { readFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { compareLogs, missingInstalls, readExamples, writeExamples } from '../src/examples.mjs';

/** What examples made among the temporary files: they do not say how it is removed. */
const folders: string[] = [];

jest.unstable_mockModule('node:fs/promises', () => ({
  ...files,
  mkdtemp: async (prefix: string) => {
    const path = await files.mkdtemp(prefix);
    folders.push(path);
    return path;
  },
}));

afterAll(async () => {
  for (const path of folders) await files.rm(path, { recursive: true, force: true });
});

describe('the examples of the READMEs and the guide', () => {
  const { examples, skipped } = writeExamples();

  for (const { page, line, path, logs } of examples) {
    it(`${page}:${line} runs as it stands`, async () => {
      const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
      try {
        await import(`../../../${path}`);
        const printed = log.mock.calls.map(call => format(...call));
        expect(compareLogs(logs, printed)).toBeUndefined();
      } finally {
        log.mockRestore();
      }
    });
  }

  for (const place of skipped) it.todo(`${place} is marked nocheck`);

  const root = resolve(import.meta.dirname, '../../..');
  const guide = 'packages/docs/guide/';
  const pages = [...new Set(examples.map(({ page }) => page).filter(page => !page.startsWith(guide)))];

  it.each([...pages, `${guide}01-register-a-user.md`])(
    '%s tells to install what its examples import',
    page => {
      const own = examples.filter(example =>
        page.startsWith(guide) ? example.page.startsWith(guide) : example.page === page,
      );
      expect(missingInstalls(readFileSync(join(root, page), 'utf8'), own)).toEqual([]);
    },
  );
});

describe('readExamples', () => {
  const fence = '```';
  const page = [
    '# Title',
    `${fence}sh`,
    'npm install',
    fence,
    `${fence}ts`,
    'const one = 1;',
    'console.log(one); // → 1',
    fence,
    `${fence}ts nocheck`,
    'declare const x: never;',
    fence,
    `${fence}ts`,
    'console.log("abc"); // → a…',
    fence,
  ].join('\n');

  it('makes a module of each block and keeps the line numbers of the page', () => {
    const { examples, skipped } = readExamples('packages/docs/guide/01-a.md', page);
    expect(examples.map(({ line, logs }) => ({ line, logs }))).toEqual([
      { line: 6, logs: ['1'] },
      { line: 13, logs: ['a…'] },
    ]);
    expect(examples[0]?.path).toBe('packages/docs/.examples/packages/docs/guide/01-a.md.6.ts');
    expect(examples[0]?.code.split('\n')[5]).toBe('const one = 1;');
    expect(skipped).toEqual(['packages/docs/guide/01-a.md:10']);
  });

  it('joins the blocks of a page that says so', () => {
    const { examples } = readExamples('README.md', `${page}\n<!-- examples: joined -->\n`);
    expect(examples).toHaveLength(1);
    expect(examples[0]?.logs).toEqual(['1', 'a…']);
    expect(examples[0]?.code.split('\n')[12]).toBe('console.log("abc"); // → a…');
  });
});

describe('missingInstalls', () => {
  it('finds packages that are imported or augmented, by any entry, and not installed', () => {
    const page = 'Do this:\n\nnpm install @dimp/sdk @dimp/crypto-node\n';
    const code = [
      `import { Facebook } from '@dimp/sdk';`,
      `import { ecc } from '@dimp/crypto/ecc';`,
      `import { nodeSymmetric } from '@dimp/crypto-node';`,
      `declare module '@dimp/dkd' {}`,
      `import { join } from 'node:path';`,
    ].join('\n');
    expect(missingInstalls(page, [{ code }, { code }])).toEqual(['@dimp/crypto', '@dimp/dkd']);
    expect(missingInstalls(`${page}npm install @dimp/dkd @dimp/crypto`, [{ code }])).toEqual([]);
  });
});

describe('compareLogs', () => {
  it('finds a wrong text, a missing call and one too many', () => {
    expect(compareLogs(['1', 'a b'], ['1', 'a\n  b'])).toBeUndefined();
    expect(compareLogs(['a…'], ['abc'])).toBeUndefined();
    expect(compareLogs(['1'], ['2'])).toBe('console.log call 1: expected 1, got 2');
    expect(compareLogs(['1'], [])).toBe('console.log call 1: expected 1, got no call');
    expect(compareLogs([], ['1'])).toBe('console.log call 1: expected no call, got 1');
  });
});
