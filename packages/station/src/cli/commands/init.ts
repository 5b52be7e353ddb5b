import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DimpError } from '@dimp/crypto';
import { formatMeta } from '@dimp/mkm';
import { openStationAccount, readStationAccount } from '../../station-account.js';
import { CliError, ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { readPassphrase } from '../station-settings.js';

/** Makes a station's account and folder, and does not start it. */
export async function init({ settings, data, json, printer }: CommandContext): Promise<ExitStatus> {
  const location = join(data, 'account');
  const passphrase = readPassphrase(settings);
  if (await isMade(location, passphrase)) {
    throw new CliError(`There is a station in ${data} already; "dims info" tells about it.`);
  }
  const { name, keyBits: bits } = settings;
  const { id, meta, store } = await openStationAccount({ location, name, bits, passphrase });
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

/** Whether there is an account. One whose making was broken off is none: it is gone on with. */
async function isMade(location: string, passphrase: string | undefined): Promise<boolean> {
  if (!existsSync(join(location, 'records'))) return false;
  try {
    const account = await readStationAccount({ location, passphrase });
    await account?.store.close();
    return account !== undefined;
  } catch (error) {
    if ((error as DimpError).code === 'ERR_STATION_RUNNING') return true;
    throw error;
  }
}
