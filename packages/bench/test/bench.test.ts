import { describe, expect, it, jest } from '@jest/globals';
import { runBench } from '../src/bench.js';

// measuring, even a tiny round, takes its time on a machine that has other work
jest.setTimeout(120_000);

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const written = { out: '', error: '' };
  const status = await runBench(args, {
    write: text => {
      written.out += text;
    },
    writeError: text => {
      written.error += text;
    },
    env,
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

  it('fails for peers that are none', async () => {
    await expect(run(['bundle'], { DIMP_BENCH_PEERS: 'node:path' })).rejects.toThrow('node:path');
  });
});
