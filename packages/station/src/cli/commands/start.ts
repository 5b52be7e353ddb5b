import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { adminRoutes } from '../../http/admin.js';
import { generateAdminAccess, removeAdminFile, writeAdminFile } from '../../http/admin-file.js';
import { createLog } from '../../log.js';
import { StationServer } from '../../station-server.js';
import { adminPath } from '../admin-client.js';
import { ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { createControl } from '../control.js';
import { localUrl } from '../local-url.js';
import { stationOptions } from '../station-settings.js';

/**
 * Milliseconds in which a second signal is the first one again: on Ctrl-C the terminal tells all programs, and npx passes
 * on what it was told.
 */
const sameSignal = 500;

/** Runs a station until it is told to stop: by a signal, once to end in peace, twice to end at once. */
export async function start(context: CommandContext): Promise<ExitStatus> {
  const { settings, data, terminal, printer, json } = context;
  const { logLevel: level, logIds: logIDs = false } = settings;
  const log = createLog({ ...(level !== undefined && { level }), logIDs });
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const access = generateAdminAccess('');
  const control = createControl(() => station, data, stop);
  const routes = adminRoutes(control, access.token);
  const station = new StationServer({ ...stationOptions(settings, data, log), routes });
  let told: number | undefined;
  const forget = terminal.onSignal(() => {
    const now = performance.now();
    if (told !== undefined && now - told > sameSignal) terminal.exit(ExitStatus.failure);
    told ??= now;
    stop();
  });
  try {
    await serve(station, context, access, stopping.signal);
  } finally {
    await station.close();
    forget();
  }
  if (!json) printer.done('The station has stopped.');
  return ExitStatus.success;
}

async function serve(
  station: StationServer,
  { settings, data, json, printer }: CommandContext,
  draft: ReturnType<typeof generateAdminAccess>,
  signal: AbortSignal,
): Promise<void> {
  const address = await station.start();
  // left over by a process that was killed while it made a backup
  await rm(join(data, 'snapshot'), { recursive: true, force: true });
  const access = { ...draft, url: await localUrl(address, settings.tlsKey !== undefined) };
  await writeAdminFile(adminPath(data), access);
  try {
    if (json) {
      printer.json({ ...address, data, pid: process.pid });
    } else {
      printer.done('The station runs; Ctrl-C stops it.');
      printer.row('ID', address.id);
      printer.row('URL', address.url);
      printer.row('data', data);
    }
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await removeAdminFile(adminPath(data), access);
  }
}
