import { DimpError } from '@dimp/crypto';
import { type ID, parseID } from '@dimp/mkm';
import { defaultProtocol } from '@dimp/sdk';
import { AdminClient } from '../admin-client.js';
import { ExitStatus, usageError } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { withStoppedUsers } from '../stopped-station.js';

/** Shuts a user out, at once where the station runs, or lets him in again. */
export async function block(
  { data, json, printer }: CommandContext,
  text: string,
  isBanned: boolean,
): Promise<ExitStatus> {
  const id = readID(text);
  const running = await AdminClient.find(data);
  if (running === undefined) await withStoppedUsers(data, users => users.setBanned(id, isBanned));
  else await running.setBanned(id.text, isBanned);
  if (json) printer.json({ id: id.key, blocked: isBanned });
  else printer.done(isBanned ? `${id.key} is shut out.` : `${id.key} is let in.`);
  return ExitStatus.success;
}

function readID(text: string): ID {
  try {
    return parseID(text, defaultProtocol());
  } catch (cause) {
    if (!(cause instanceof DimpError)) throw cause;
    throw usageError(`${JSON.stringify(text)} is no ID: ${cause.message}.`, { cause });
  }
}
