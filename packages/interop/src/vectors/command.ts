import { parseArgs } from 'node:util';
import { type CryptoDriver, isCallError, parseDriver } from '../call.js';
import { VectorFormError } from './case.js';
import { loadVectors, shippedFiles } from './load.js';
import { formatJsonReport, formatReport, printable } from './report.js';
import { type CaseResult, runFile } from './run.js';

const help = `Holds the library against published vectors.

  pnpm --silent vectors [--crypto portable|node] [--json] [FILE...]

  FILE               a file of cases; without one, all shipped files of generation 1
  --crypto portable  the algorithms of @dimp/crypto, which is the default: RSA in portable code, while Node does
                     the blocks of AES and SHA-256, as it does for @dimp/crypto in every program
  --crypto node      those of @dimp/crypto-node, all over node:crypto
  --json             one object instead of lines
  --help             this text

  pnpm --silent vectors
  pnpm --silent vectors packages/interop/vectors/v1/keys.json
  pnpm --silent vectors --json my-cases.json > result.json

Exit status: 0 all passed, 1 some failed or were skipped, 2 a file could not be read or the call was wrong.
`;

/** Where a command writes; a line comes without its end. */
export interface CommandOutput {
  readonly write: (line: string) => void;
  readonly writeError: (line: string) => void;
}

/** The exit statuses of the runner. */
export const ExitStatus = { passed: 0, failed: 1, unusable: 2 } as const;
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/**
 * Runs the command and tells its exit status. Never throws for what is in a file.
 * @param argv the arguments, without the program
 */
export async function runVectors(argv: readonly string[], output: CommandOutput): Promise<ExitStatus> {
  const options = parseOptions(argv, output);
  if (typeof options === 'number') return options;
  const files = options.files.length > 0 ? options.files : await shippedFiles();
  const results: CaseResult[] = [];
  let isReadable = true;
  for (const path of files) {
    try {
      results.push(...(await runFile(await loadVectors(path), { driver: options.driver })));
    } catch (error) {
      if (!(error instanceof VectorFormError)) throw error;
      isReadable = false;
      output.writeError(printable(`${path}: ${error.message}`));
    }
  }
  const lines = options.json ? [formatJsonReport(results)] : formatReport(results);
  for (const line of lines) output.write(line);
  if (!isReadable) return ExitStatus.unusable;
  return results.every(({ status }) => status === 'passed') ? ExitStatus.passed : ExitStatus.failed;
}

interface Options {
  readonly driver: CryptoDriver;
  readonly files: readonly string[];
  readonly json: boolean;
}

function parseOptions(argv: readonly string[], output: CommandOutput): Options | ExitStatus {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        crypto: { type: 'string', default: 'portable' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      output.write(help.trimEnd());
      return ExitStatus.passed;
    }
    return { driver: parseDriver(values.crypto), files: positionals, json: values.json };
  } catch (error) {
    if (!isCallError(error)) throw error;
    output.writeError(printable(`vectors: ${error.message}`));
    output.writeError('Try --help.');
    return ExitStatus.unusable;
  }
}
