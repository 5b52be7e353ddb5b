import { parseArgs } from 'node:util';
import { type AccountKind, accountKinds } from './accounts.js';
import { type SideName, sideNames } from './sides.js';
import { suites } from './suites.js';

/** What the command line asks for. */
export interface BenchArguments {
  readonly json: boolean;
  readonly help: boolean;
  /** Whether a missed target is a failure. */
  readonly check: boolean;
  /** Names of suites; all when empty. */
  readonly names: readonly string[];
  readonly sides: readonly SideName[];
  readonly accounts: readonly AccountKind[];
  readonly sizes: readonly number[];
  readonly groups: readonly number[];
  readonly rounds: number;
}

/** A command line that cannot be understood; the message says what to do. */
export class ArgumentsError extends Error {}

export const helpText: string = `What things cost, each beside the floor of the bare primitives, measured in turns in one run.

Usage
  pnpm bench [options] [NAME...]

Names (all when none is given)
${suites.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')}

Options
  --json            print one JSON object with all figures and the machine, and nothing else on stdout
  --check           exit with 1 when a target is missed
  --crypto <list>   ${sideNames.join(',')}
  --accounts <list> ${accountKinds.join(',')}
  --sizes <list>    letters of the texts: 100,10000
  --groups <list>   members of the groups: 1,10,100,1000
  --rounds <n>      turns of each work, 51 when absent
  -h, --help        print this

Environment
  DIMP_BENCH_PEERS  a module that exports a list of other implementations, which do the same work in the same run

Examples
  pnpm bench
  pnpm bench pack unpack --crypto native --accounts RSA-2048
  pnpm --silent bench group --json | jq '.rows[] | {name, value, ratio, ok}'
  DIMP_BENCH_PEERS=./peers.mjs pnpm bench pack unpack --crypto native --accounts RSA-1024

Exit status: 0, missed targets or not; 1 when something could not be measured, and with --check for a missed target;
2 for a command line or peers that cannot be read; 130 after Ctrl-C. What was measured is printed in any case.
`;

/** Reads the command line, without the program's own name. @throws {ArgumentsError} */
export function parseArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const names = suites.map(({ name }) => name);
  return {
    json: values.json,
    help: values.help,
    check: values.check,
    names: positionals.map(name => oneOf(name, names, 'NAME')),
    sides: listOf(values.crypto, '--crypto', sideNames),
    accounts: listOf(values.accounts, '--accounts', accountKinds),
    sizes: numbers(values.sizes, '--sizes', 1_000_000),
    groups: numbers(values.groups, '--groups', 10_000),
    rounds: oneNumber(values.rounds, '--rounds', 100_000),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        check: { type: 'boolean', default: false },
        crypto: { type: 'string', default: sideNames.join() },
        accounts: { type: 'string', default: accountKinds.join() },
        sizes: { type: 'string', default: '100,10000' },
        groups: { type: 'string', default: '1,10,100,1000' },
        rounds: { type: 'string', default: '51' },
      },
    });
  } catch (error) {
    throw new ArgumentsError(`${(error as Error).message} See pnpm bench --help.`);
  }
}

function listOf<Name extends string>(text: string, option: string, known: readonly Name[]): readonly Name[] {
  return unlike(
    text.split(',').map(name => oneOf(name, known, option)),
    option,
  );
}

function oneOf<Name extends string>(text: string, known: readonly Name[], option: string): Name {
  const found = known.find(name => name === text);
  if (found !== undefined) return found;
  throw new ArgumentsError(`${option}: expected ${known.join(', ')}; got "${text}". See pnpm bench --help.`);
}

function numbers(text: string, option: string, most: number): readonly number[] {
  return unlike(
    text.split(',').map(part => oneNumber(part, option, most)),
    option,
  );
}

/** Two of a kind would be measured twice, in rows of one name. */
function unlike<Member>(members: readonly Member[], option: string): readonly Member[] {
  const again = members.find((member, index) => members.indexOf(member) < index);
  if (again === undefined) return members;
  throw new ArgumentsError(`${option}: expected each once; got "${again}" twice. See pnpm bench --help.`);
}

function oneNumber(text: string, option: string, most: number): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new ArgumentsError(
    `${option}: expected whole numbers from 1 to ${most}; got "${text}". See pnpm bench --help.`,
  );
}
