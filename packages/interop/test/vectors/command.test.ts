import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFolder, type Folder, goodCase, run } from './kit.js';

const shipped = fileURLToPath(new URL('../../vectors/', import.meta.url));
let folder: Folder;

beforeAll(async () => {
  folder = await createFolder();
});

afterAll(() => folder.remove());

describe('the lines', () => {
  it('are one for each operation of a file, and last the counts', async () => {
    const other = { ...goodCase, op: 'hex-decode', in: { text: '616263' } };
    const file = await folder.write('good.json', { about: 'two', cases: [goodCase, other, goodCase] });
    expect(await run(file)).toEqual({
      status: 0,
      lines: [
        `${file} base64-decode: 2/2`,
        `${file} hex-decode: 1/1`,
        'vectors: 3 passed, 0 failed, 0 skipped',
      ],
      errors: [],
    });
  });

  it('name a case that fails, with what was expected and what came out', async () => {
    const file = await folder.write('wrong.json', { cases: [{ ...goodCase, out: { data: 'AAAA' } }] });
    expect(await run(file)).toEqual({
      status: 1,
      lines: [
        `${file} base64-decode: 0/1`,
        '  failed three letters: data: expected "AAAA", actual "YWJj"',
        'vectors: 0 passed, 1 failed, 0 skipped',
      ],
      errors: [],
    });
  });

  it('cut long values at 300 characters', async () => {
    const file = await folder.write('long.json', {
      cases: [{ ...goodCase, out: { data: 'A'.repeat(1000) } }],
    });
    const { lines } = await run(file);
    expect(lines[1]).toBe(`  failed three letters: data: expected "${'A'.repeat(299)}…, actual "YWJj"`);
  });

  it('name an operation that is not known, and count its cases as skipped', async () => {
    const file = await folder.write('new.json', {
      cases: [goodCase, { ...goodCase, op: 'base1000-decode' }],
    });
    expect(await run(file)).toEqual({
      status: 1,
      lines: [
        `${file} base64-decode: 1/1`,
        `${file} base1000-decode: 0/1`,
        '  skipped three letters: no operation "base1000-decode" here',
        'vectors: 1 passed, 0 failed, 1 skipped',
      ],
      errors: [],
    });
  });

  it('show no characters by which a file could write over the terminal', async () => {
    const name = 'a\u001b[2J\u202eb\nc';
    const file = await folder.write('hostile.json', {
      cases: [{ ...goodCase, name, out: {}, op: 'x\u0007' }],
    });
    const { lines } = await run(file);
    expect(lines.slice(0, 2)).toEqual([
      `${file} x\\u0007: 0/1`,
      '  skipped a\\u001b[2J\\u202eb\\u000ac: no operation "x\\u0007" here',
    ]);
  });
});

describe('sections', () => {
  it('have lines of their own', async () => {
    const sections = { first: [goodCase], second: [goodCase, goodCase] };
    const file = await folder.write('sections.json', { about: 'two', sections });
    const { status, lines } = await run(file);
    expect(status).toBe(0);
    expect(lines.slice(0, 2)).toEqual([
      `${file} first base64-decode: 1/1`,
      `${file} second base64-decode: 2/2`,
    ]);
  });

  it('take the accounts of their file in place of the shipped ones', async () => {
    const accounts = JSON.parse(await readFile(join(shipped, 'v1', 'accounts.json'), 'utf8'));
    const sign = { name: 'sign', op: 'rsa-capacity', in: { user: 'zoe' }, out: { max_plaintext: 117 } };
    const renamed = { users: { zoe: accounts.users.anna }, groups: {} };
    const own = await folder.write('own.json', { accounts: renamed, sections: { a: [sign] } });
    const none = await folder.write('none.json', { sections: { a: [sign] } });
    expect((await run(own)).status).toBe(0);
    expect((await run(none)).lines[1]).toBe('  failed sign: case: no user "zoe" in the accounts');
  });

  it('take the accounts beside their file when it has none', async () => {
    const beside = await createFolder();
    const accounts = JSON.parse(await readFile(join(shipped, 'v1', 'accounts.json'), 'utf8'));
    await beside.write('accounts.json', { users: { zoe: accounts.users.anna } });
    const capacity = { name: 'sign', op: 'rsa-capacity', in: { user: 'zoe' }, out: { max_plaintext: 117 } };
    const file = await beside.write('cases.json', { cases: [capacity] });
    expect((await run(file)).status).toBe(0);
    await beside.remove();
  });
});

describe('--json', () => {
  it('gives one object', async () => {
    const wrong = { ...goodCase, name: 'wrong', out: { data: 'AAAA' } };
    const sections = { s: [goodCase, wrong, { ...goodCase, name: 'new', op: 'x' }] };
    const file = await folder.write('json.json', { sections });
    const { status, lines } = await run('--json', file);
    expect(status).toBe(1);
    expect(lines.map(line => JSON.parse(line))).toEqual([
      {
        passed: 1,
        failed: 1,
        skipped: 1,
        cases: [
          { file, section: 's', name: 'three letters', op: 'base64-decode', status: 'passed', message: '' },
          {
            file,
            section: 's',
            name: 'wrong',
            op: 'base64-decode',
            status: 'failed',
            message: 'data: expected "AAAA", actual "YWJj"',
          },
          { file, section: 's', name: 'new', op: 'x', status: 'skipped', message: 'no operation "x" here' },
        ],
      },
    ]);
  });

  it('has no section for a file without sections', async () => {
    const file = await folder.write('plain.json', { cases: [goodCase] });
    const { lines } = await run('--json', file);
    expect(JSON.parse(lines[0] ?? '').cases[0].section).toBeNull();
  });
});

describe('files that cannot be used', () => {
  it.each([
    ['no JSON', '{"cases": [', 'expected JSON text'],
    ['a list', [], 'expected an object with "cases" or "sections"'],
    ['without cases', { about: 'nothing' }, '"cases": expected a list of cases'],
    ['with cases that are no list', { cases: 'x' }, '"cases": expected a list of cases'],
    ['with a section that is no list', { sections: { a: {} } }, 'section "a": expected a list of cases'],
    [
      'with accounts of another form',
      { accounts: { users: { a: 1 } }, sections: { s: [] } },
      'accounts: expected an object for a',
    ],
    [
      'with accounts without IDs',
      { accounts: { users: { a: {} } }, sections: { s: [] } },
      'accounts: ID: expected ID text, got nothing',
    ],
  ])('%s', async (_name, content, message) => {
    const file = await folder.write('unusable.json', content);
    const { status, lines, errors } = await run(file);
    expect({ status, errors }).toEqual({ status: 2, errors: [`${file}: ${message}`] });
    expect(lines).toEqual(['vectors: 0 passed, 0 failed, 0 skipped']);
  });

  it('is missing', async () => {
    const file = join(folder.path, 'missing.json');
    const { status, errors } = await run(file);
    expect(status).toBe(2);
    expect(errors[0]).toContain('ENOENT');
  });

  it('is a folder', async () => {
    expect((await run(folder.path)).errors).toEqual([`${folder.path}: expected a file`]);
  });

  it('do not keep the others from being run', async () => {
    const good = await folder.write('good.json', { cases: [goodCase] });
    const { status, lines } = await run(join(folder.path, 'missing.json'), good);
    expect(status).toBe(2);
    expect(lines.at(-1)).toBe('vectors: 1 passed, 0 failed, 0 skipped');
  });
});

describe('odd cases', () => {
  it('are counted, whatever they are', async () => {
    const file = await folder.write('odd.json', {
      cases: [null, 5, [], {}, { name: 3, op: {}, in: [], out: 'x' }],
    });
    const { status, lines } = await run(file);
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe('vectors: 0 passed, 0 failed, 5 skipped');
  });

  it('fail and do not end the run', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = `{"cases": [
      {"name": "deep", "op": "id-parse", "in": {"ID": ${deep}}, "out": {"string": ${deep}}},
      {"name": "deep out", "op": "base64-decode", "in": {"text": "YWJj"}, "out": {"data": ${deep}}},
      {"name": "proto", "op": "public-key", "in": {"key": {"__proto__": {"algorithm": "RSA"}}}, "out": {"bits": 1024}},
      {"name": "nothing given", "op": "message", "in": {}, "out": {}},
      {"name": "good", "op": "base64-decode", "in": {"text": "YWJj"}, "out": {"data": "YWJj"}}]}`;
    const file = await folder.write('deep.json', text);
    const { status, lines, errors } = await run(file);
    expect({ status, errors }).toEqual({ status: 1, errors: [] });
    expect(lines.at(-1)).toBe('vectors: 1 passed, 4 failed, 0 skipped');
  });

  it('are not refused by a mistake of the case', async () => {
    const sign = { name: 'nobody', op: 'rsa-sign', in: { user: 'nobody', data: '' }, out: { refused: true } };
    const file = await folder.write('mistake.json', { cases: [sign] });
    expect((await run(file)).lines[1]).toBe('  failed nobody: case: no user "nobody" in the accounts');
  });
});

describe('a file of accounts', () => {
  it('has no cases', async () => {
    const { status, lines } = await run(join(shipped, 'v1', 'accounts.json'));
    expect({ status, lines }).toEqual({ status: 0, lines: ['vectors: 0 passed, 0 failed, 0 skipped'] });
  });
});

describe('a file of generation 2', () => {
  it('is skipped as long as nothing of it can be done', async () => {
    const { status, lines } = await run(join(shipped, 'v2', 'digests.json'));
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe('vectors: 0 passed, 0 failed, 29 skipped');
  });
});

describe('the call', () => {
  it('explains itself, with examples', async () => {
    const { status, lines } = await run('--help');
    expect(status).toBe(0);
    expect(lines).toContain('  pnpm --silent vectors --json my-cases.json > result.json');
  });

  it.each([
    [['--crypto', 'abacus'], 'vectors: no driver "abacus"; there are "portable" and "node"'],
    [['--crypto', ''], 'vectors: no driver ""; there are "portable" and "node"'],
  ])('is refused: %j', async (argv, message) => {
    expect(await run(...argv)).toEqual({ status: 2, lines: [], errors: [message, 'Try --help.'] });
  });

  it('is refused with an option that is not known', async () => {
    const { status, errors } = await run('--fast');
    expect(status).toBe(2);
    expect(errors[0]).toMatch(/^vectors: Unknown option '--fast'/);
  });

  it.each(['portable', 'node'])('takes the driver %s by name', async driver => {
    const file = await folder.write('good.json', { cases: [goodCase] });
    expect((await run('--crypto', driver, file)).status).toBe(0);
  });
});
