import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterTest } from './after-test.js';

/** A program that a test started. */
export class Child {
  readonly process: ChildProcess;
  /** What it said, line by line. */
  readonly lines: Record<string, unknown>[] = [];
  /** What it wrote to its standard error. */
  errors = '';
  /** Resolves when it is gone and everything it said is here. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  #watchers: (() => void)[] = [];
  #isEnded = false;

  /** @param job is its first argument, as JSON */
  constructor(program: 'station' | 'writer' | 'reader', job: object) {
    const file = join(process.env['E2E_PROGRAMS'] as string, `${program}.mjs`);
    this.process = spawn(process.execPath, ['--expose-gc', file, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output = createInterface({ input: this.process.stdout as NodeJS.ReadableStream });
    output.on('line', line => {
      this.lines.push(JSON.parse(line));
      for (const look of this.#watchers) look();
    });
    this.process.stderr?.setEncoding('utf8').on('data', text => {
      this.errors += text;
    });
    this.ended = once(this.process, 'close').then(([code, signal]) => ({ code, signal }));
    void this.ended.then(() => {
      this.#isEnded = true;
      for (const look of this.#watchers) look();
    });
    afterTest(() => this.kill());
  }

  /** Resolves when what it said so far is enough. @throws when it is gone before */
  async said(isEnough: (lines: readonly Record<string, unknown>[]) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!isEnough(this.lines) && !this.#isEnded) return;
        this.#watchers = this.#watchers.filter(one => one !== look);
        if (isEnough(this.lines)) resolve();
        else reject(new Error(`the program ended before it said enough: ${this.errors}`));
      };
      this.#watchers.push(look);
      look();
    });
  }

  /** Ends it as a power cut would, but for the disk's own memory. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end. */
  async stop(): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    this.process.kill('SIGTERM');
    return this.ended;
  }
}
