import type { JsonObject, JsonValue } from '@dimp/crypto';
import { AdminClient } from '../admin-client.js';
import { ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { withStoppedUsers } from '../stopped-station.js';

/** Tells who is online, and who is shut out. */
export async function users({ data, json, printer }: CommandContext): Promise<ExitStatus> {
  const running = await AdminClient.find(data);
  const found = running === undefined ? await readUsers(data) : await askUsers(running);
  if (json) {
    printer.json(found);
    return ExitStatus.success;
  }
  for (const name of ['online', 'blocked']) {
    const list = listOf(found[name]);
    printer.line(`${name}: ${list.length}`);
    for (const id of list) printer.line(`  ${id}`);
  }
  return ExitStatus.success;
}

async function askUsers(running: AdminClient): Promise<JsonObject> {
  const [{ users: online = [] }, { blocked = [] }] = [
    await running.get('users'),
    await running.get('status'),
  ];
  return { online, blocked };
}

async function readUsers(data: string): Promise<JsonObject> {
  const blocked = await withStoppedUsers(data, async known => known.bannedUsers().map(({ text }) => text));
  return { online: [], blocked };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
