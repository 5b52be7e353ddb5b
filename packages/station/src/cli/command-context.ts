import { dataFolder } from './data-folder.js';
import { readSettings } from './read-settings.js';
import type { Settings } from './settings.js';
import { createPrinter, type Printer, type Terminal } from './terminal.js';

/** What a command is called with. */
export interface CommandContext {
  readonly settings: Settings;
  /** The folder of the station, whole. */
  readonly data: string;
  /** Whether to print one line of JSON in place of text for people. */
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly printer: Printer;
}

/** Puts together what flags, environment and file say. @throws {CliError} status 2 */
export function createContext(flags: Readonly<Record<string, unknown>>, terminal: Terminal): CommandContext {
  const { env } = terminal;
  const file = flags['config'] ?? env['DIMS_CONFIG'];
  const settings = readSettings({
    flags,
    env,
    ...(typeof file === 'string' && file !== '' && { file }),
  });
  return {
    settings,
    data: dataFolder(settings, env),
    json: flags['json'] === true,
    terminal,
    printer: createPrinter(terminal),
  };
}
