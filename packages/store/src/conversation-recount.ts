import { type Conversation, conversationName } from '@dimp/sdk';
import type { ConversationContext } from './conversation-context.js';
import type { ConversationEditor } from './conversation-editor.js';
import { type ConversationRecord, parseConversation } from './conversation-record.js';
import { messagePrefix, messagesIn, restoreLost } from './conversation-restore.js';
import { listJson } from './json-records.js';
import { sizeOfKept } from './kept-record.js';
import { makeKey } from './record-key.js';
import type { Reads, Records } from './records.js';
import { spaceOf } from './spaces.js';

/**
 * Makes conversations right again of which something was taken away as damaged. Those that lost messages are counted
 * anew: nothing is known of such a message but its key, not even whether it was read. Those that lost their record get
 * another.
 * @param removed keys of records
 */
export async function recount(
  removed: readonly Uint8Array[],
  editor: ConversationEditor,
  records: Records,
): Promise<void> {
  const { context } = editor;
  const lost = removed.filter(key => spaceOf(key) === 'message').map(key => makeKey(key).text);
  const isRecordLost = removed.some(key => spaceOf(key) === 'conversation');
  if (lost.length === 0 && !isRecordLost) return;
  const found = await listJson(records, context.keys.range('conversation'));
  const known = found.map(json => parseConversation(json, context.protocol));
  for (const before of known) {
    const prefix = messagePrefix(before, context);
    if (!lost.some(text => text.startsWith(prefix))) continue;
    editor.save({ ...before, ...(await count(before, context, records)) }, records);
  }
  if (!isRecordLost) return;
  for (const restored of await restoreLost(known, context, records)) editor.save(restored, records);
}

async function count(
  conversation: Conversation & Pick<ConversationRecord, 'readUpTo'>,
  { keys }: ConversationContext,
  reads: Reads,
): Promise<Pick<ConversationRecord, 'count' | 'unread' | 'bytes'>> {
  const messages = messagesIn(await reads.list(keys.sequence('message', conversationName(conversation))));
  const unread = messages.filter(
    ({ direction, number }) => direction === 'in' && number > conversation.readUpTo,
  );
  return {
    count: messages.length,
    unread: unread.length,
    bytes: messages.reduce((sum, message) => sum + sizeOfKept(message), 0),
  };
}
