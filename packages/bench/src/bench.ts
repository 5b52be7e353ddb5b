import { ArgumentsError, type BenchArguments, helpText, parseArguments } from './arguments.js';
import { describeMachine, formatMachine } from './machine.js';
import { loadPeers } from './peers.js';
import type { Scope } from './suite.js';
import { suites } from './suites.js';
import { formatTable } from './table.js';
import { type JudgedRow, judge } from './targets.js';

/** Where the program writes, and what it reads beside its arguments. */
export interface BenchIO {
  write(text: string): void;
  writeError(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
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
    if (!(error instanceof ArgumentsError)) throw error;
    io.writeError(`${error.message}\n`);
    return 2;
  }
}

async function measure(args: BenchArguments, io: BenchIO): Promise<number> {
  const peers = await loadPeers(io.env['DIMP_BENCH_PEERS']);
  const { sides, accounts, sizes, groups, rounds } = args;
  // what takes long by itself gets a fifth of the turns
  const slowRounds = Math.ceil(rounds / 5);
  const scope: Scope = { sides, accounts, sizes, groups, rounds, slowRounds, turn: 8, peers };
  const machine = describeMachine();
  const rows: JudgedRow[] = [];
  for (const suite of suites) {
    if (args.names.length > 0 && !args.names.includes(suite.name)) continue;
    io.writeError(`${suite.name} ...\n`);
    rows.push(...(await suite.run(scope)).map(row => judge(row)));
  }
  const missed = rows.filter(({ ok }) => ok === false).length;
  if (args.json) io.write(`${JSON.stringify({ machine, rounds, missed, rows })}\n`);
  else io.write(`${formatMachine(machine)}\n\n${formatTable(rows)}\n\n${summary(rows, missed)}\n`);
  return args.check && missed > 0 ? 1 : 0;
}

function summary(rows: readonly JudgedRow[], missed: number): string {
  const all = rows.filter(({ ok }) => ok !== undefined).length;
  return `${all - missed} of ${all} rows with a target reach it.`;
}
