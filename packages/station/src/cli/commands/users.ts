import type { JsonObject, JsonValue } from '@dimp/crypto';
import { AdminClient } from '../admin-client.js';
import { ExitStatus } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { knownUsers, mostKnown } from '../known-users.js';
import { withStoppedUsers } from '../stopped-station.js';

/** Tells who is online, who is shut out, and who was ever here. */
export async function users({ data, json, printer }: CommandContext): Promise<ExitStatus> {
  const running = await AdminClient.find(data);
  const found = running === undefined ? await readUsers(data) : await askUsers(running);
  if (json) {
    printer.json(found);
    return ExitStatus.success;
  }
  if (running === undefined) printer.line(`The station in ${data} does not run, so nobody is online.`);
  for (const name of ['online', 'blocked', 'known']) {
    const list = listOf(found[name]);
    const count = name === 'known' ? Number(found['knownCount']) : list.length;
    printer.line(`${name}: ${count}${count > list.length ? `, the last ${list.length} of them:` : ''}`);
    for (const id of list) printer.line(`  ${id}`);
  }
  return ExitStatus.success;
}

async function askUsers(running: AdminClient): Promise<JsonObject> {
  const { users: online = [] } = await running.get('users');
  const { blocked = [] } = running.status;
  return { online, blocked, ...(await running.get('known')) };
}

async function readUsers(data: string): Promise<JsonObject> {
  return withStoppedUsers(data, async users => ({
    online: [],
    blocked: users.bannedUsers().map(({ text }) => text),
    ...knownUsers(users.userCount, await users.newest(mostKnown)),
  }));
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
