import { UsageError } from '@dimp/crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDemo } from '../src/demo.js';
import type { Report } from '../src/json.js';
import { defineStep, type Step } from '../src/step.js';
import { steps } from '../src/steps.js';
import { NobodyReadsError } from '../src/stop-signal.js';
import { Recorder } from './recorder.js';
import { buildStation, type StationProgram } from './station-program.js';

const controlCode = '\u001b';

async function run(
  given: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    readonly isTTY?: boolean;
    readonly signal?: AbortSignal;
    readonly steps?: readonly Step[];
    /** In place of a relay inside the process. */
    readonly program?: string;
  } = {},
) {
  const { env = {}, isTTY = false, signal = new AbortController().signal, ...others } = options;
  const args = options.program === undefined ? [...given, '--in-process'] : given;
  const stdout = new Recorder(isTTY);
  const stderr = new Recorder(isTTY);
  const status = await runDemo(args, { stdout, stderr, env, signal, ...others });
  return { status, stdout: stdout.text, stderr: stderr.text };
}

describe('the demo as JSON', () => {
  it('prints one complete object and nothing else on stdout', async () => {
    const { status, stdout, stderr } = await run(['--json', '--bits', '1024'], { isTTY: true });
    const report = JSON.parse(stdout) as Report;
    expect(status).toBe(0);
    expect(report.ok).toBe(true);
    expect(report.error).toBeUndefined();
    expect(Object.keys(report.steps)).toEqual(steps.map(({ name }) => name));
    expect(Object.values(report.steps).map(({ ok }) => ok)).toEqual(steps.map(() => true));
    expect(stderr).toContain('making 1024-bit keys for alice');
    expect(stdout).not.toContain('PRIVATE KEY');
  });
});

describe('the demo with a station in a process of its own', () => {
  let station: StationProgram;
  beforeAll(async () => {
    station = await buildStation();
  }, 60_000);
  afterAll(() => station.remove());

  it('shows the same by way of it, and leaves nothing running', async () => {
    const { program } = station;
    const { status, stdout } = await run(['--json', '--bits', '1024'], { program });
    const report = JSON.parse(stdout) as Report;
    expect(report.error).toBeUndefined();
    expect([status, report.ok]).toEqual([0, true]);
    expect(Object.keys(report.steps)).toEqual(steps.map(({ name }) => name));
    expect(report.station).toEqual({
      id: expect.stringMatching(/^station@/),
      url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+$/),
      pid: expect.any(Number),
    });
    expect(report.steps['file']).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) });
    expect(isRunning(report.station?.pid as number)).toBe(false);
  });

  it('stops it at Ctrl-C', async () => {
    const controller = new AbortController();
    const pids: number[] = [];
    const waiting = defineStep(
      'waiting',
      'Waiting',
      async ({ relay, signal }) => {
        pids.push(relay.station?.pid ?? 0);
        controller.abort();
        signal.throwIfAborted();
        return { ok: true };
      },
      () => {},
    );
    const { status, stderr } = await run(['--bits', '1024'], {
      program: station.program,
      signal: controller.signal,
      steps: [waiting],
    });
    expect([status, stderr.endsWith('Interrupted.\n')]).toEqual([130, true]);
    expect(pids.map(isRunning)).toEqual([false]);
  });

  it('says why it cannot be started', async () => {
    const program = `${station.program}.not`;
    const { status, stdout } = await run(['--json'], { program });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      steps: {},
      error: { step: 'station', text: expect.stringContaining('The station did not start: ') },
    });
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the demo as text', () => {
  it('has no control codes where there is no terminal', async () => {
    const { status, stdout, stderr } = await run(['--bits', '1024']);
    expect(status).toBe(0);
    expect(stdout + stderr).not.toContain(controlCode);
    expect(stdout).not.toContain('✗');
    expect(stdout).toContain('ERR_BINDING');
    for (const { title } of steps) expect(stdout).toContain(title);
    // a progress line of its own for each pair of keys, and only on stderr
    expect(stderr.split('\n').filter(line => line.includes('making'))).toHaveLength(4);
    expect(stdout).not.toContain('making');
  });

  it('has colour and one line of progress on a terminal', async () => {
    const { status, stdout, stderr } = await run(['--bits', '1024'], { isTTY: true });
    expect(status).toBe(0);
    expect(stdout).toContain(`${controlCode}[32m✓`);
    expect(stdout).toMatch(/\r {3}making 1024-bit keys for alice … \d+ % *\r/);
    expect(stderr).toBe('');
  });
});

describe('the exit status', () => {
  it.each([
    ['--jsn', 'Unknown option "--jsn"'],
    ['-x', 'Unknown option "-x"'],
    ['all', 'Unexpected argument "all"'],
    ['--json=yes', 'The option "--json" takes no value'],
    ['--bits', '--bits: expected a multiple of 8'],
    ['--bits=512', '--bits: expected a multiple of 8'],
  ])('is 2 for %s, with a hint', async (argument, problem) => {
    const { status, stdout, stderr } = await run([argument]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(problem);
    expect(stderr).toContain('--help');
  });

  const good = defineStep(
    'good',
    'Good',
    async () => ({ ok: true }),
    () => {},
  );
  const bad = defineStep(
    'bad',
    'Bad',
    async () => ({ ok: false }),
    () => {},
  );
  const broken = defineStep(
    'broken',
    'Broken',
    async (): Promise<{ readonly ok: boolean }> => {
      throw new UsageError('Nobody is here.');
    },
    () => {},
  );

  it('is 1 when something did not happen as it should, though later steps are taken', async () => {
    const steps = [bad, good];
    const { status, stdout } = await run(['--json'], { steps });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ ok: false, steps: { bad: { ok: false }, good: { ok: true } } });
    const text = await run([], { steps });
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('✗ something did not happen as it should in step bad');
    expect(text.stdout).not.toContain('All of it happened');
  });

  it('is 1 when a step breaks off, with the code of its error and no stack trace', async () => {
    const steps = [good, broken, good];
    const { status, stdout } = await run(['--json'], { steps });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      steps: { good: { ok: true } },
      error: { step: 'broken', code: 'ERR_USAGE', text: 'Nobody is here.' },
    });
    const text = await run([], { steps });
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('✗ step broken broke off: ERR_USAGE: Nobody is here.');
    expect(text.stdout + text.stderr).not.toContain('    at ');
  });

  it('is 0 for --help, which shows examples', async () => {
    const { status, stdout, stderr } = await run(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Examples');
    expect(stderr).toBe('');
  });

  it('is 130 after Ctrl-C, without JSON and without a stack trace', async () => {
    const controller = new AbortController();
    controller.abort();
    const { status, stdout, stderr } = await run(['--json'], { signal: controller.signal });
    expect(status).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toBe('Interrupted.\n');
  });

  it.each([
    [new NobodyReadsError(), 0, ''],
    [new Error('no room'), 1, 'The output cannot be written: no room\n'],
  ])('after %s is %d', async (reason, expected, said) => {
    const controller = new AbortController();
    controller.abort(reason);
    const { status, stderr } = await run(['--bits', '1024'], { signal: controller.signal });
    expect([status, stderr]).toEqual([expected, said]);
  });

  it('is 130 when Ctrl-C comes while keys are made', async () => {
    const controller = new AbortController();
    const stderr = new Recorder();
    const write = (text: string): void => {
      stderr.write(text);
      if (text.includes('making')) controller.abort();
    };
    const stdout = new Recorder();
    const surroundings = { stdout, stderr: { write }, env: {}, signal: controller.signal };
    expect(await runDemo(['--json', '--bits', '4096', '--in-process'], surroundings)).toBe(130);
    expect(stdout.text).toBe('');
    expect(stderr.text).toMatch(/Interrupted\.\n$/);
  });
});
