import { join } from 'node:path';
import type { JsonObject } from '@dimp/crypto';
import { formatMeta } from '@dimp/mkm';
import { defaultListen } from '../../options.js';
import { readStationAccount } from '../../station-account.js';
import { stationUrl } from '../../station-url.js';
import { AdminClient } from '../admin-client.js';
import { ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { noStation, requireStation } from '../data-folder.js';
import { readPassphrase, tlsFiles } from '../station-settings.js';

/** Tells what clients need: ID, meta and URL. */
export async function info(context: CommandContext): Promise<ExitStatus> {
  const { data, json, printer } = context;
  const running = await AdminClient.find(data);
  const found = running === undefined ? await readAccount(context) : running.status;
  const { id = null, url = null, meta = null } = found;
  if (json) {
    printer.json({ id, meta, url, data });
  } else {
    printer.row('ID', String(id));
    printer.row('URL', String(url));
    printer.row('data', data);
    printer.row('meta', JSON.stringify(meta));
  }
  return ExitStatus.success;
}

/** Of a station that does not run; the URL is the one it would have. */
async function readAccount({ settings, data }: CommandContext): Promise<JsonObject> {
  requireStation(data);
  const passphrase = readPassphrase(settings);
  const account = await readStationAccount({ location: join(data, 'account'), passphrase });
  if (account === undefined) throw noStation(data);
  const { id, meta, store } = account;
  await store.close();
  const { host = defaultListen.host, port = defaultListen.port, url } = settings;
  const tls = tlsFiles(settings);
  const place = stationUrl({ ...(url !== undefined && { url }), ...(tls && { tls }) }, host, port);
  return { id: id.text, meta: formatMeta(meta), url: place };
}
