import type { JsonObject } from '@dimp/crypto';
import { type IdentityContext, parseID } from '@dimp/mkm';
import type { Conversation, ConversationSummary } from '@dimp/sdk';
import { encodeJson } from './json-records.js';
import { type KeptRecord, sizeOfKept } from './kept-record.js';
import { segmentOf } from './search-segment.js';

/** A conversation as it is kept. */
export interface ConversationRecord extends ConversationSummary {
  readonly readUpTo: number;
  /** No message has a number below. */
  readonly first: number;
  /** When the first was kept; a message may be removed, so it is at least that. */
  readonly firstTime: number;
  /** Bytes of all messages as JSON. */
  readonly bytes: number;
  /** Segments of the index before this one are complete; what is in later ones is not indexed yet. */
  readonly indexed: number;
}

/**
 * One without messages. Its numbers begin with the time, so that they are others when a conversation was removed and
 * begins anew: somebody may still know one of the old ones.
 */
export function newConversation({ user, peer }: Conversation, last: number = Date.now()): ConversationRecord {
  return {
    user,
    peer,
    count: 0,
    unread: 0,
    last,
    time: 0,
    readUpTo: last,
    first: last + 1,
    firstTime: Number.MAX_SAFE_INTEGER,
    bytes: 0,
    indexed: segmentOf(last + 1),
  };
}

/** The record when a message is gone. @param message undefined for one that is damaged: only that it was there is known */
export function withoutMessage(
  conversation: ConversationRecord,
  message: KeptRecord | undefined,
): ConversationRecord {
  const { bytes, unread, readUpTo } = conversation;
  const count = conversation.count - 1;
  if (message === undefined) return { ...conversation, count, unread: Math.min(unread, count) };
  const wasUnread = message.direction === 'in' && message.number > readUpTo;
  return {
    ...conversation,
    count,
    bytes: bytes - sizeOfKept(message),
    unread: wasUnread ? unread - 1 : unread,
  };
}

export function encodeConversation({ user, peer, ...numbers }: ConversationRecord): Uint8Array {
  return encodeJson({ user: user.text, peer: peer.text, ...numbers });
}

/** The record was written by `encodeConversation`. */
export function parseConversation(
  json: JsonObject,
  context: Pick<IdentityContext, 'addresses'>,
): ConversationRecord {
  const { user, peer, ...numbers } = json;
  return {
    ...(numbers as unknown as Omit<ConversationRecord, 'user' | 'peer'>),
    user: parseID(user, context),
    peer: parseID(peer, context),
  };
}

/** What others are told of it. */
export function summaryOf({
  user,
  peer,
  count,
  unread,
  last,
  time,
}: ConversationRecord): ConversationSummary {
  return { user, peer, count, unread, last, time };
}
