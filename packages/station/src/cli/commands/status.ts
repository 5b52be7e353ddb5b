import { isJsonObject, type JsonObject } from '@dimp/crypto';
import { AdminClient } from '../admin-client.js';
import { ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { requireStation } from '../data-folder.js';

/** Tells what a station is doing. One that does not run is a failure, for scripts. */
export async function status({ data, json, printer }: CommandContext): Promise<ExitStatus> {
  const running = await AdminClient.find(data);
  if (running === undefined) {
    requireStation(data);
    if (json) printer.json({ state: 'stopped', data });
    else printer.line(`The station in ${data} does not run.`);
    return ExitStatus.failure;
  }
  const found = running.status;
  if (json) printer.json(found);
  else for (const [label, value] of rowsOf(found)) printer.row(label, value);
  return ExitStatus.success;
}

function rowsOf(found: JsonObject): readonly (readonly [string, string])[] {
  const { stored, blocked } = found;
  const { messages = 0, bytes = 0 } = isJsonObject(stored) ? stored : {};
  const seconds = Number(found['uptime']);
  const text = (name: string): string => String(found[name] ?? '');
  return [
    ['state', text('state')],
    ['ID', text('id')],
    ['URL', text('url')],
    ['data', text('data')],
    ['process', text('pid')],
    ['uptime', `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min ${seconds % 60} s`],
    ['connections', text('connections')],
    ['sessions', text('sessions')],
    ['users', text('users')],
    ['relayed', `${text('relayed')} messages`],
    ['stored', `${messages} messages, ${bytes} bytes`],
    ['blocked', `${Array.isArray(blocked) ? blocked.length : 0} users`],
  ];
}
