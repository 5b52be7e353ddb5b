import { styleText } from 'node:util';
import type { JsonObject } from '@dimp/crypto';
import type { Environment } from './read-settings.js';

/** What is used of a stream that is written to. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Everything of the process that commands use. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  /** Calls the listener at SIGINT and SIGTERM, until the function that comes back is called. */
  onSignal(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(status: number): void;
}

/** Writes what a command found. */
export interface Printer {
  line(text: string): void;
  /** A name and what belongs to it. */
  row(label: string, value: string | number): void;
  /** Something that went well. */
  done(text: string): void;
  json(value: JsonObject): void;
}

/** Letters of the longest label. */
const labelWidth = 12;

export function createPrinter({ stdout, env }: Pick<Terminal, 'stdout' | 'env'>): Printer {
  const color = usesColor(stdout, env);
  // whether there is colour was decided above; newer Nodes would ask the stream again
  const paint = (style: 'dim' | 'green', text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const line = (text: string): void => {
    stdout.write(`${text}\n`);
  };
  return {
    line,
    row: (label, value) => line(`  ${paint('dim', label.padEnd(labelWidth))}${value}`),
    done: text => line(`${paint('green', '✓')} ${text}`),
    json: value => line(JSON.stringify(value)),
  };
}

/** NO_COLOR says no, FORCE_COLOR says yes (or no with 0 or false), else a terminal that is not "dumb" has it. */
export function usesColor({ isTTY }: Output, env: Environment): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const { FORCE_COLOR: force } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTTY === true && env['TERM'] !== 'dumb';
}

/** An error of a command, on one line. */
export function printError({ stderr, env }: Pick<Terminal, 'stderr' | 'env'>, message: string): void {
  const head = usesColor(stderr, env) ? styleText('red', 'dims:', { validateStream: false }) : 'dims:';
  stderr.write(`${head} ${message}\n`);
}
