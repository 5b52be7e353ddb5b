import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Option } from 'commander';
import { type CliError, ExitStatus, usageError } from './cli-error.js';
import { type CommandContext, createContext } from './command-context.js';
import { backup } from './commands/backup.js';
import { block } from './commands/block.js';
import { info } from './commands/info.js';
import { init } from './commands/init.js';
import { restore } from './commands/restore.js';
import { start } from './commands/start.js';
import { status } from './commands/status.js';
import { users } from './commands/users.js';
import { explainError } from './explain-error.js';
import { examples, notes } from './help-text.js';
import { flagOf, type SettingName, settingNames, settings, variableOf } from './settings.js';
import { printError, type Terminal } from './terminal.js';

type Action = (context: CommandContext, ...operands: string[]) => Promise<ExitStatus>;

/** One command of `dims`. */
interface CommandSpec {
  readonly usage: string;
  readonly help: string;
  readonly settings: readonly SettingName[];
  readonly action: Action;
  readonly isDefault?: boolean;
}

const commands: readonly CommandSpec[] = [
  {
    usage: 'start',
    help: 'start a station; what "dims" does without a command',
    settings: settingNames,
    action: start,
    isDefault: true,
  },
  {
    usage: 'init',
    help: 'make the account and folder of a station',
    settings: ['data', 'name', 'keyBits', 'passphraseFile'],
    action: init,
  },
  {
    usage: 'info',
    help: 'tell ID, meta and URL',
    settings: ['data', 'host', 'port', 'url', 'tlsKey', 'tlsCertificate', 'passphraseFile'],
    action: info,
  },
  { usage: 'status', help: 'tell what a station is doing', settings: ['data'], action: status },
  {
    usage: 'users',
    help: 'tell who is online, who is shut out, and who was ever here',
    settings: ['data'],
    action: users,
  },
  {
    usage: 'block <id>',
    help: 'shut a user out',
    settings: ['data'],
    action: (context, id = '') => block(context, id, true),
  },
  {
    usage: 'unblock <id>',
    help: 'let a user in again',
    settings: ['data'],
    action: (context, id = '') => block(context, id, false),
  },
  {
    usage: 'backup <file>',
    help: 'write everything into one file, also while the station runs',
    settings: ['data'],
    action: (context, file = '') => backup(context, file),
  },
  {
    usage: 'restore <file>',
    help: 'make the folder of a station from a backup',
    settings: ['data'],
    action: (context, file = '') => restore(context, file),
  },
];

/** Runs the command line, without the program's own name; the status to end with. Never rejects. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let ended: ExitStatus = ExitStatus.success;
  const program = createProgram(terminal, status => {
    ended = status;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return ended;
  } catch (error) {
    // help and version end this way too; what is wrong was printed
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? ExitStatus.success : ExitStatus.usage;
    }
    const explained = explainError(error);
    printError(terminal, explained?.message ?? (error as Error).stack ?? String(error));
    if (explained?.status === ExitStatus.usage) terminal.stderr.write('See "dims --help".\n');
    return explained?.status ?? ExitStatus.failure;
  }
}

function createProgram(terminal: Terminal, end: (status: ExitStatus) => void): Command {
  const program = new Command('dims')
    .description('A station of DIMP: relays messages that it cannot read, and keeps them for who is away.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .showHelpAfterError('See "dims --help".')
    .configureOutput({
      writeOut: text => void terminal.stdout.write(text),
      writeErr: text => void terminal.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(text.replace(/^error: /, 'dims: ')),
    });
  for (const spec of commands) {
    const command = program.command(spec.usage, { isDefault: spec.isDefault ?? false });
    addOptions(command, spec);
    command.action(async (...parameters: unknown[]) => {
      const operands = command.args;
      const [unknown] = spec.isDefault === true ? operands : [];
      if (unknown !== undefined) throw unknownCommand(unknown);
      // commander hands over the operands, the options and the command
      const flags = parameters.at(-2) as Readonly<Record<string, unknown>>;
      end(await spec.action(createContext(flags, terminal), ...operands));
    });
    if (spec.isDefault === true) {
      command.allowExcessArguments();
      program.addHelpText('after', () => `\n${command.helpInformation()}${notes}${examples}`);
      command.addHelpText('after', `${notes}${examples}`);
    }
  }
  return program;
}

function addOptions(command: Command, { help, settings: names }: CommandSpec): void {
  command.description(help).helpOption('-h, --help', 'print this');
  command.option('--config <file>', 'file of options in JSON (DIMS_CONFIG)');
  for (const name of names) {
    const { kind, help: what, otherwise, group } = settings[name];
    const flag = flagOf(name);
    const words = otherwise === undefined ? what : `${what}; default ${otherwise}`;
    const described = `${words} (${variableOf(name)})`;
    if (kind.placeholder !== undefined) {
      command.addOption(new Option(`${flag} ${kind.placeholder}`, described).helpGroup(group));
      continue;
    }
    // the second form, so that a flag can undo what the environment or the file says
    command.addOption(new Option(flag, described).helpGroup(group));
    command.addOption(new Option(`--no-${flag.slice(2)}`, 'the opposite').helpGroup(group));
  }
  command.option('--json', 'print one line of JSON');
}

function unknownCommand(name: string): CliError {
  return usageError(`${JSON.stringify(name)} is no command.`);
}

function version(): string {
  const path = fileURLToPath(import.meta.resolve('@dimp/station/package.json'));
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
  return version;
}
