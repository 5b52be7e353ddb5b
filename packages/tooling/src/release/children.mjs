import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startable } from '../platform.mjs';

/** @import { ChildProcess } from 'node:child_process' */

/** @typedef {{ readonly cwd?: string, readonly env?: Readonly<Record<string, string | undefined>> }} RunOptions */

/**
 * How a program ended: `output` is all that it printed, `stdout` what it printed as its result.
 *
 * @typedef {{ readonly status: number | null, readonly output: string, readonly stdout: string }} Ended
 */

/** @typedef {ReturnType<typeof createChildren>} Children */

/** How long a program has to end by itself, in seconds. */
const grace = 5;

/**
 * Runs programs for as long as a signal allows it: when it aborts, all that run are stopped with what they started.
 *
 * @param {AbortSignal} signal
 */
export function createChildren(signal) {
  /** @type {Set<ChildProcess>} */
  const running = new Set();
  signal.addEventListener('abort', () => running.forEach(stop), { once: true });

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {RunOptions} [options]
   */
  function start(command, args, options = {}) {
    signal.throwIfAborted();
    const { shell, ...program } = startable(command, args);
    const child = spawn(program.command, program.args, {
      cwd: options.cwd,
      shell,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // a group of its own, which can be stopped as one; and Ctrl-C comes to us alone
      detached: process.platform !== 'win32',
    });
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  }

  /**
   * Runs a program to its end.
   *
   * @param {string} command
   * @param {readonly string[]} args
   * @param {RunOptions} [options]
   * @returns {Promise<Ended>}
   * @throws {Error} when it cannot be started, or the signal aborts
   */
  async function attempt(command, args, options) {
    const child = start(command, args, options);
    /** @type {Buffer[]} */
    const all = [];
    /** @type {Buffer[]} */
    const out = [];
    child.stdout.on('data', data => out.push(data));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', data => all.push(data));
    const [status] = await once(child, 'close');
    signal.throwIfAborted();
    return {
      status,
      output: Buffer.concat(all).toString('utf8'),
      stdout: Buffer.concat(out).toString('utf8'),
    };
  }

  /**
   * Runs a program that must succeed.
   *
   * @param {string} command
   * @param {readonly string[]} args
   * @param {RunOptions} [options]
   * @returns {Promise<string>} what it printed as its result
   * @throws {Error} with all that it printed, when it does not
   */
  async function run(command, args, options) {
    const { status, output, stdout } = await attempt(command, args, options);
    if (status === 0) return stdout;
    throw new Error(`${[command, ...args].join(' ')} ended with ${status}\n${output.trim()}`);
  }

  /** Resolves when nothing runs any more. */
  async function ended() {
    await Promise.all([...running].map(child => once(child, 'close')));
  }

  return { signal, start, attempt, run, ended };
}

/** @param {ChildProcess} child */
function stop(child) {
  const { pid } = child;
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(signalGroup, grace * 1000, pid, 'SIGKILL');
  child.once('close', () => clearTimeout(timer));
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    // it ended in the meantime
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
