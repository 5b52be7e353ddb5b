import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { runBench } from '../src/bench.js';

// measuring, even a tiny round, takes its time on a machine that has other work
jest.setTimeout(120_000);

/** @param enough what is written when the run is interrupted */
async function run(args: readonly string[], env: Record<string, string> = {}, enough?: string) {
  const written = { out: '', error: '' };
  const interruption = new AbortController();
  const status = await runBench(args, {
    write: text => {
      written.out += text;
    },
    writeError: text => {
      written.error += text;
      if (text === enough) interruption.abort(new Error('enough'));
    },
    env,
    signal: interruption.signal,
  });
  return { status, ...written };
}

describe('the program', () => {
  it('prints its help', async () => {
    expect(await run(['--help'])).toMatchObject({
      status: 0,
      out: expect.stringContaining('Usage'),
      error: '',
    });
  });

  it('tells what it does not understand', async () => {
    const { status, out, error } = await run(['--nonsense']);
    expect([status, out]).toEqual([2, '']);
    expect(error).toContain('--nonsense');
  });

  it('prints a table with the machine above', async () => {
    const { status, out, error } = await run(['bundle']);
    expect(status).toBe(0);
    expect(out).toMatch(/cores, .*Node \d+\..*load/);
    expect(out).toMatch(/\| bundle \| crypto root /);
    expect(out).toMatch(/\d+ of 3 rows with a target reach it\.\n$/);
    expect(error).toBe('bundle ...\n');
  });

  it('prints one JSON object, and fails over missed targets only when asked', async () => {
    const plain = await run(['bundle', '--json']);
    const json = JSON.parse(plain.out);
    expect(json).toMatchObject({
      machine: { cpu: expect.any(String), node: process.versions.node },
      rounds: 51,
      missed: json.rows.filter((row: { ok?: boolean }) => row.ok === false).length,
    });
    expect(plain.status).toBe(0);
    expect((await run(['bundle', '--json', '--check'])).status).toBe(json.missed > 0 ? 1 : 0);
  });

  it.each(['node:path', './nosuch.mjs'])('does not begin with peers from %s', async module => {
    const { status, out, error } = await run(['bundle'], { DIMP_BENCH_PEERS: module });
    expect([status, out]).toEqual([2, '']);
    expect(error).toContain('DIMP_BENCH_PEERS: ');
    expect(error).toContain(module.replace('./', ''));
  });
});

describe('what was measured', () => {
  const little = ['--accounts', 'RSA-1024', '--crypto', 'native', '--sizes', '100', '--rounds', '1'];
  const names = (out: string): readonly string[] =>
    JSON.parse(out).rows.map(({ name }: { readonly name: string }) => name);

  it('stays when a suite fails, and the next is measured', async () => {
    // the suite cannot do without it; deleting is not enough, where another test has asked for it
    Reflect.defineProperty(globalThis, 'gc', { value: undefined });
    const json = await run(['memory', 'bundle', '--json', ...little]);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.out).failures).toEqual([expect.stringMatching(/^memory: .*--expose-gc/)]);
    expect(names(json.out)).toContain('crypto root');
    expect(json.error).toContain('memory failed: Error: ');
    const table = await run(['memory', 'bundle', ...little]);
    expect(table.status).toBe(1);
    expect(table.out).toMatch(/\| bundle \| crypto root [\s\S]*\nNot measured: memory: .*--expose-gc.*\n$/);
  });

  it('stays when a peer fails, and the next is measured', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dimp-bench-test-'));
    try {
      const file = join(folder, 'peers.mjs');
      const broken = `{ name: 'broken', pack() { throw new Error('no key'); }, unpack: pack => pack }`;
      const echo = `{ name: 'echo', pack: text => text, unpack: pack => pack }`;
      await writeFile(file, `export default [${broken}, ${echo}];`);
      const { status, out, error } = await run(['pack', '--json', ...little], { DIMP_BENCH_PEERS: file });
      expect(status).toBe(1);
      const peer = 'over native RSA-1024 100 B';
      expect(names(out)).toEqual([
        'native RSA-1024 100 B fresh',
        'native RSA-1024 100 B reused',
        `echo ${peer}`,
      ]);
      expect(JSON.parse(out).failures).toEqual([`pack, broken ${peer}: no key`]);
      expect(error).toContain(file);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('stays when the run is interrupted', async () => {
    const json = await run(['keys', 'bundle', '--json', ...little], {}, 'bundle ...\n');
    expect(json.status).toBe(130);
    expect(names(json.out)).toHaveLength(6);
    expect(JSON.parse(json.out).failures).toEqual(['enough']);
    const table = await run(['keys', 'bundle', ...little], {}, 'keys ...\n');
    expect([table.status, table.error]).toEqual([130, 'keys ...\n']);
    expect(table.out).toMatch(/cores, .*\n\n0 of 0 rows with a target reach it\.\nNot measured: enough\n$/);
  });
});
