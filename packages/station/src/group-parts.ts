import type { DimpError } from '@dimp/crypto';
import { type ReliableMessage, splitMessage } from '@dimp/dkd';
import {
  type EntityDataSource,
  equalID,
  type ID,
  type IdentityContext,
  isBroadcastID,
  isGroupID,
  parseID,
} from '@dimp/mkm';

/**
 * The parts of a group message for the members that have a key in it, each with its member. The sender, who knows what
 * he said, is none of them. Entries of `keys` that name no user, as `digest` of some clients, are passed over.
 */
export function groupParts(
  message: ReliableMessage,
  context: Pick<IdentityContext, 'addresses'>,
): readonly { readonly member: ID; readonly part: ReliableMessage }[] {
  const members = new Map<string, ID>();
  for (const text of message.encryptedKeys?.keys() ?? []) {
    const member = readID(text, context);
    if (member !== undefined && isPerson(member)) members.set(member.key, member);
  }
  members.delete(message.envelope.sender.key);
  const list = [...members.values()];
  const parts = splitMessage(message, list, context);
  return list.map((member, index) => ({ member, part: parts[index] as ReliableMessage }));
}

/** The first of the assistants in a group's profile who is known here; he splits what has no keys. */
export async function knownAssistant(
  group: ID,
  people: EntityDataSource,
  context: Pick<IdentityContext, 'addresses'>,
): Promise<ID | undefined> {
  const profile = await people.loadProfile(group);
  const assistants = profile?.properties['assistants'] ?? [];
  if (!Array.isArray(assistants)) return undefined;
  for (const text of assistants.slice(0, mostAssistants)) {
    const assistant = readID(text, context);
    if (assistant === undefined || !isPerson(assistant) || equalID(assistant, group)) continue;
    if ((await people.loadMeta(assistant)) !== undefined) return assistant;
  }
  return undefined;
}

/** Assistants that are looked up, at most: a profile is foreign. */
const mostAssistants = 16;

function readID(text: unknown, context: Pick<IdentityContext, 'addresses'>): ID | undefined {
  try {
    return parseID(text, context);
  } catch (error) {
    // whoever wrote it meant something else by it
    if ((error as DimpError).code === 'ERR_PARSE' || (error as DimpError).code === 'ERR_LIMIT')
      return undefined;
    throw error;
  }
}

function isPerson(id: ID): boolean {
  return !isBroadcastID(id) && !isGroupID(id, 2);
}
