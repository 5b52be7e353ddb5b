import { type Conversation, conversationName } from '@dimp/sdk';
import type { ConversationContext } from './conversation-context.js';
import type { ConversationEditor } from './conversation-editor.js';
import { type ConversationRecord, parseConversation } from './conversation-record.js';
import { listJson } from './json-records.js';
import { decodeKept, sizeOfKept } from './kept-record.js';
import { makeKey } from './record-key.js';
import type { Reads, Records } from './records.js';
import { spaceOf } from './spaces.js';

/**
 * Counts conversations anew whose messages were taken away as damaged: nothing is known of such a message but its key,
 * not even whether it was read.
 * @param removed keys of records
 */
export async function recount(
  removed: readonly Uint8Array[],
  editor: ConversationEditor,
  records: Records,
): Promise<void> {
  const { context } = editor;
  const lost = removed.filter(key => spaceOf(key) === 'message').map(key => makeKey(key).text);
  if (lost.length === 0) return;
  for (const json of await listJson(records, context.keys.range('conversation'))) {
    const before = parseConversation(json, context.protocol);
    const prefix = makeKey(context.keys.sequence('message', conversationName(before)).gte).text;
    if (!lost.some(text => text.startsWith(prefix))) continue;
    editor.save({ ...before, ...(await count(before, context, records)) }, records);
  }
}

async function count(
  conversation: Conversation & Pick<ConversationRecord, 'readUpTo'>,
  { keys }: ConversationContext,
  reads: Reads,
): Promise<Pick<ConversationRecord, 'count' | 'unread' | 'bytes'>> {
  const entries = await reads.list(keys.sequence('message', conversationName(conversation)));
  const messages = entries.flatMap(({ value }) => (value === undefined ? [] : [decodeKept(value)]));
  const unread = messages.filter(
    ({ direction, number }) => direction === 'in' && number > conversation.readUpTo,
  );
  return {
    count: messages.length,
    unread: unread.length,
    bytes: messages.reduce((sum, message) => sum + sizeOfKept(message), 0),
  };
}
