import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatMeta } from '@dimp/mkm';
import { openStationAccount } from '../../station-account.js';
import { CliError, ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { readPassphrase } from '../station-settings.js';

/** Makes a station's account and folder, and does not start it. */
export async function init({ settings, data, json, printer }: CommandContext): Promise<ExitStatus> {
  if (existsSync(join(data, 'account', 'records'))) {
    throw new CliError(`There is a station in ${data} already; "dims info" tells about it.`);
  }
  const { id, meta, store } = await openStationAccount({
    location: join(data, 'account'),
    name: settings.name,
    bits: settings.keyBits,
    passphrase: readPassphrase(settings),
  });
  await store.close();
  if (json) {
    printer.json({ id: id.text, meta: formatMeta(meta), data });
  } else {
    printer.done('A station was made; "dims start" starts it.');
    printer.row('ID', id.text);
    printer.row('data', data);
  }
  return ExitStatus.success;
}
