import { resolve } from 'node:path';
import { ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { restoreBackup } from '../restore-backup.js';

/** Makes a station's folder from a backup. */
export async function restore({ data, json, printer }: CommandContext, name: string): Promise<ExitStatus> {
  const { files, time } = await restoreBackup(resolve(name), data);
  const made = new Date(time * 1000).toISOString();
  if (json) printer.json({ data, files, made });
  else printer.done(`${data} holds the station as it was at ${made}; "dims start" starts it.`);
  return ExitStatus.success;
}
