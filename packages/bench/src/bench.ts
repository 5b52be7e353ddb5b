import { inspect } from 'node:util';
import { ArgumentsError, type BenchArguments, helpText, parseArguments } from './arguments.js';
import { describeMachine, formatMachine } from './machine.js';
import { loadPeers, PeersError, peersVariable } from './peers.js';
import { reasonOf } from './reason-of.js';
import type { Scope, Suite } from './suite.js';
import { suites } from './suites.js';
import { formatTable } from './table.js';
import { type JudgedRow, judge } from './targets.js';
import { untilAborted } from './until-aborted.js';

/** Where the program writes, and what it reads beside its arguments. */
export interface BenchIO {
  write(text: string): void;
  writeError(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the measuring; what was measured is written all the same. */
  readonly signal: AbortSignal;
}

/** Runs the program and gives its exit status. */
export async function runBench(args: readonly string[], io: BenchIO): Promise<number> {
  try {
    const parsed = parseArguments(args);
    if (parsed.help) {
      io.write(helpText);
      return 0;
    }
    return await measure(parsed, io);
  } catch (error) {
    if (!(error instanceof ArgumentsError || error instanceof PeersError)) throw error;
    io.writeError(`${error.message}\n`);
    return 2;
  }
}

async function measure(args: BenchArguments, io: BenchIO): Promise<number> {
  const peers = await loadPeers(io.env[peersVariable]);
  const { names, sides, accounts, sizes, groups, rounds, json } = args;
  const failures: string[] = [];
  const failed = (what: string, error: unknown): void => {
    failures.push(`${what}: ${reasonOf(error)}`);
    io.writeError(`${what} failed: ${inspect(error)}\n`);
  };
  // what takes long by itself gets a fifth of the turns
  const slowRounds = Math.ceil(rounds / 5);
  const scope: Scope = { sides, accounts, sizes, groups, rounds, slowRounds, turn: 8, peers, failed };
  const machine = describeMachine();
  if (!json) io.write(`${formatMachine(machine)}\n\n`);
  const rows: JudgedRow[] = [];
  for (const suite of suites) {
    if (io.signal.aborted || (names.length > 0 && !names.includes(suite.name))) continue;
    io.writeError(`${suite.name} ...\n`);
    const own = await rowsOf(suite, scope, io.signal);
    rows.push(...own);
    if (!json && own.length > 0) io.write(`${formatTable(own)}\n\n`);
  }
  if (io.signal.aborted) failures.push(reasonOf(io.signal.reason));
  const missed = rows.filter(({ ok }) => ok === false).length;
  if (json) io.write(`${JSON.stringify({ machine, rounds, missed, failures, rows })}\n`);
  else io.write(`${summary(rows, missed, failures)}\n`);
  if (io.signal.aborted) return 130;
  return failures.length > 0 || (args.check && missed > 0) ? 1 : 0;
}

/** What a suite gives before it ends, by itself or otherwise. */
async function rowsOf(suite: Suite, scope: Scope, signal: AbortSignal): Promise<readonly JudgedRow[]> {
  const rows: JudgedRow[] = [];
  try {
    for await (const row of untilAborted(suite.run(scope), signal)) rows.push(judge(row));
  } catch (error) {
    if (!signal.aborted) scope.failed(suite.name, error);
  }
  return rows;
}

function summary(rows: readonly JudgedRow[], missed: number, failures: readonly string[]): string {
  const all = rows.filter(({ ok }) => ok !== undefined).length;
  const reached = `${all - missed} of ${all} rows with a target reach it.`;
  return [reached, ...failures.map(failure => `Not measured: ${failure}`)].join('\n');
}
