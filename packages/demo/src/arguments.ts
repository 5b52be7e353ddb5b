import { parseArgs } from 'node:util';
import { limits } from '@dimp/crypto';

/** What the command line asks for. */
export interface DemoArguments {
  /** One JSON object instead of text. */
  readonly json: boolean;
  readonly help: boolean;
  /** Everything in one process, in place of a station. */
  readonly inProcess: boolean;
  /** Strength of the RSA keys that are made. */
  readonly bits: number;
}

/** A command line that cannot be understood; the message says what to do. */
export class ArgumentsError extends Error {}

export const helpText: string = `DIMP: users, messages, a group, a file, and attacks that fail, by way of a station in a process of its own.

Usage
  npm run demo                                show it all
  npm run --silent demo:built -- [options]    with options, once it is installed
  node packages/demo/dist/main.js [options]   once it is built

Options
  --json         print one JSON object with everything that happened, and nothing else on stdout
  --bits <n>     strength of the RSA keys that are made: ${limits.rsaMinBits} to ${limits.rsaMaxBits}, 2048 when absent
  --in-process   no station and no network: a relay inside this process
  -h, --help     print this

Examples
  node packages/demo/dist/main.js
  node packages/demo/dist/main.js --bits 3072
  node packages/demo/dist/main.js --json | jq '.steps.attacks.attempts[] | {attack, code}'
  NO_COLOR=1 node packages/demo/dist/main.js | less

Colour is used on a terminal. NO_COLOR=1 turns it off, FORCE_COLOR=1 on.

Exit status: 0 when everything happened as it should, 1 when something did not, 2 for a command line that is
not understood, 130 when interrupted.
`;

const hint = 'See node packages/demo/dist/main.js --help.';

/** Reads the command line, without the program's own name. @throws {ArgumentsError} */
export function parseArguments(args: readonly string[]): DemoArguments {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      bits: { type: 'string' },
      'in-process': { type: 'boolean' },
    },
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw new ArgumentsError(`Unexpected argument "${token.value}". ${hint}`);
    if (token.kind === 'option' && !['json', 'help', 'bits', 'in-process'].includes(token.name)) {
      throw new ArgumentsError(`Unknown option "${token.rawName}". ${hint}`);
    }
    if (token.kind === 'option' && token.name !== 'bits' && token.value !== undefined) {
      throw new ArgumentsError(`The option "${token.rawName}" takes no value. ${hint}`);
    }
  }
  return {
    json: values.json === true,
    help: values.help === true,
    inProcess: values['in-process'] === true,
    bits: readBits(values.bits),
  };
}

function readBits(value: string | boolean | undefined): number {
  if (value === undefined) return 2048;
  const bits = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (bits >= limits.rsaMinBits && bits <= limits.rsaMaxBits && bits % 8 === 0) return bits;
  throw new ArgumentsError(
    `--bits: expected a multiple of 8 from ${limits.rsaMinBits} to ${limits.rsaMaxBits}. ${hint}`,
  );
}
