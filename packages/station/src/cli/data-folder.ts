import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CliError } from './cli-error.js';
import type { Environment } from './read-settings.js';
import type { Settings } from './settings.js';

/**
 * The folder of a station: the one that was set, else that of the user's data, whichever folder a command is called in.
 */
export function dataFolder({ data }: Settings, env: Environment): string {
  if (data !== undefined) return resolve(data);
  return join(userData(env), 'dims');
}

function userData(env: Environment): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  const { XDG_DATA_HOME: folder = '' } = env;
  // only a whole path counts, as the specification of these folders has it
  return folder.startsWith('/') ? folder : join(homedir(), '.local', 'share');
}

/** @throws {CliError} no station was made there */
export function requireStation(data: string): void {
  if (existsSync(join(data, 'account', 'records'))) return;
  throw noStation(data);
}

export function noStation(data: string): CliError {
  return new CliError(`There is no station in ${data}; make one with "dims init", or name it with --data.`);
}
