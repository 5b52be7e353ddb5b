import { concatBytes } from '@dimp/crypto';
import { type ID, parseID, withoutTerminal } from '@dimp/mkm';
import { type Conversation, conversationName } from '@dimp/sdk';
import type { ConversationContext } from './conversation-context.js';
import { type ConversationRecord, newConversation } from './conversation-record.js';
import { listJson } from './json-records.js';
import { decodeKept, type KeptRecord, parseKept, sizeOfKept } from './kept-record.js';
import { makeKey, sequenceOf } from './record-key.js';
import type { Reads, RecordEntry } from './records.js';

/** Behind the last key that begins with a prefix of messages; no number of a message has these bytes. */
const behind = /* @__PURE__ */ new Uint8Array(9).fill(0xff);

/** The messages among records, those that are damaged left out. */
export function messagesIn(entries: readonly RecordEntry[]): readonly KeptRecord[] {
  return entries.flatMap(({ value }) => (value === undefined ? [] : [decodeKept(value)]));
}

/**
 * The record of a conversation, made anew from the records of its messages: damaged ones count until they are taken
 * away. What was read is not known, and all counts as read. Undefined when no message is good.
 */
export function recordOf(
  conversation: Conversation,
  entries: readonly RecordEntry[],
): ConversationRecord | undefined {
  const messages = messagesIn(entries);
  const [oldest, newest] = [messages[0], messages.at(-1)];
  const [first, last] = [entries[0], entries.at(-1)];
  if (oldest === undefined || newest === undefined || first === undefined || last === undefined) {
    return undefined;
  }
  const number = sequenceOf(last.key);
  return {
    ...newConversation(conversation, sequenceOf(first.key) - 1),
    count: entries.length,
    last: number,
    time: newest.time,
    readUpTo: number,
    firstTime: oldest.time,
    bytes: messages.reduce((sum, message) => sum + sizeOfKept(message), 0),
  };
}

/** What the keys of a conversation's messages begin with. */
export function messagePrefix(conversation: Conversation, { keys }: ConversationContext): string {
  return makeKey(keys.sequence('message', conversationName(conversation)).gte).text;
}

/**
 * The records of conversations that have messages and no record any more, made anew. A disk does not show whose a
 * conversation is: its messages say it, and their keys prove it. One whose messages do not is left out.
 * @param known all conversations that have a record
 */
export async function restoreLost(
  known: readonly Conversation[],
  context: ConversationContext,
  reads: Reads,
): Promise<readonly ConversationRecord[]> {
  const prefixes = new Set(known.map(conversation => messagePrefix(conversation, context)));
  const users = await localUsers(context, reads);
  const all = context.keys.range('message');
  const { length } = context.keys.sequence('message', '').gte;
  const restored: ConversationRecord[] = [];
  for (let from = all.gte; ; ) {
    const [first] = await reads.list({ ...all, gte: from, limit: 1 });
    if (first === undefined) return restored;
    const prefix = first.key.bytes.subarray(0, length);
    from = concatBytes(prefix, behind);
    const { text } = makeKey(prefix);
    if (prefixes.has(text)) continue;
    const entries = await reads.list({ gte: prefix, lt: from });
    const conversation = conversationOf(messagesIn(entries), text, users, context);
    const record = conversation && recordOf(conversation, entries);
    if (record !== undefined) restored.push(record);
  }
}

/** Whose messages these are. @param prefix what their keys begin with */
function conversationOf(
  messages: readonly KeptRecord[],
  prefix: string,
  users: readonly ID[],
  context: ConversationContext,
): Conversation | undefined {
  const tried = new Set<string>();
  for (const kept of messages) {
    const { envelope, content } = parseKept(kept, context.protocol).message;
    const { sender, receiver } = envelope;
    for (const user of [receiver, sender, ...users]) {
      for (const peer of [content.group ?? sender, receiver]) {
        const conversation = { user: withoutTerminal(user), peer: withoutTerminal(peer) };
        const name = conversationName(conversation);
        if (tried.has(name)) continue;
        tried.add(name);
        if (messagePrefix(conversation, context) === prefix) return conversation;
      }
    }
  }
  return undefined;
}

/** Who may have received what came to a group as a whole. */
async function localUsers({ keys, protocol }: ConversationContext, reads: Reads): Promise<readonly ID[]> {
  const records = await listJson(reads, keys.range('local users'));
  return records.flatMap(({ list }) => (list as readonly string[]).map(text => parseID(text, protocol)));
}
