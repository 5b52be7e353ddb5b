import { existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AdminClient } from '../admin-client.js';
import { CliError, ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { requireStation } from '../data-folder.js';
import { withStopped } from '../stopped-station.js';
import { writeBackup } from '../write-backup.js';

/** Writes everything of a station into one file that only its owner can read, also while it runs. */
export async function backup({ data, json, printer }: CommandContext, name: string): Promise<ExitStatus> {
  const file = resolve(name);
  // replacing the last good one is a decision
  if (existsSync(file)) throw new CliError(`${file} is there already; name another file.`);
  const running = await AdminClient.find(data);
  if (running === undefined) requireStation(data);
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  const handle = await open(partial, 'wx', 0o600);
  const to = handle.createWriteStream();
  try {
    if (running === undefined) await withStopped(data, () => writeBackup(data, to));
    else await pipeline(await running.backup(), to);
    await sync(partial);
    await rename(partial, file);
  } catch (cause) {
    to.destroy();
    await rm(partial, { force: true });
    throw cause;
  }
  const { size } = await stat(file);
  if (json) printer.json({ file, bytes: size });
  else printer.done(`${file} holds the station, its private key included: ${size} bytes.`);
  return ExitStatus.success;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
