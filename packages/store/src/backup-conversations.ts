import type { Protection, Protocol } from '@dimp/core';
import { type JsonObject, JsonReader, type JsonValue } from '@dimp/crypto';
import { formatInstantMessage, type InstantMessage, parseInstantMessage } from '@dimp/dkd';
import { type ID, parseID } from '@dimp/mkm';
import {
  type Conversation,
  type Conversations,
  changeMessage,
  type KeptMessage,
  type MessageFailure,
  type MessagePlace,
  type MessageReceipt,
  messageStates,
} from '@dimp/sdk';
import type { BackupPart } from './backup.js';
import { checkConversationsSource } from './check-arguments.js';

/** Messages that are read or added at once: few waits, and not all of a long conversation in memory twice. */
const lot = 200;

/** A message that a queue will not send any more, since the queue is not in the backup. */
const notSent: MessageFailure = {
  code: 'ERR_TRANSPORT',
  reason: 'It was not sent before the backup was made; send it again.',
};

/**
 * Takes conversations along in a backup.
 *
 * Messages that are there already when they come back are left as they are, but for receipts that are missing, and the
 * others go behind them. What was queued comes back as failed.
 *
 * @example
 * const parts = [conversationsPart(store)]
 * const text = await exportAccount(store, user.id, passphrase, { parts })
 * @throws {TypeError} what is given is no store
 */
export function conversationsPart(source: {
  readonly conversations: Conversations;
  readonly protocol: Protocol;
}): BackupPart {
  checkConversationsSource(source);
  const { conversations, protocol } = source;
  return {
    name: 'conversations',
    async save(user) {
      const all: JsonValue[] = [];
      for (const { peer, unread } of await conversations.listSummaries(user)) {
        const messages = await loadAll(conversations, { user, peer });
        all.push({
          peer: peer.text,
          unread,
          messages: messages.map(message => formatEntry(message, protocol)),
        });
      }
      return all;
    },
    async restore(user, value) {
      for (const json of value as readonly JsonValue[]) {
        const reader = new JsonReader(json, 'Backup.conversations');
        const conversation = { user, peer: readID(reader, 'peer', protocol) };
        const list = reader.optionalList('messages') ?? reader.missing('messages', 'a list');
        const messages = list.map(entry => parseEntry(entry, protocol));
        await restoreConversation(conversations, conversation, messages, reader.integer('unread'));
      }
    },
  };
}

async function loadAll(
  conversations: Conversations,
  conversation: Conversation,
): Promise<readonly KeptMessage[]> {
  const all: KeptMessage[] = [];
  for (;;) {
    const page = await conversations.list(conversation, { after: all.at(-1)?.number ?? 0, limit: lot });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

async function restoreConversation(
  conversations: Conversations,
  conversation: Conversation,
  messages: readonly KeptMessage[],
  unread: number,
): Promise<void> {
  const here = new Map<string, KeptMessage>();
  for (const kept of await loadAll(conversations, conversation)) here.set(nameOf(kept), kept);
  const missing: KeptMessage[] = [];
  for (const message of messages) {
    const known = here.get(nameOf(message));
    if (known === undefined) missing.push(message);
    // an import that ended early may have brought it without them
    else await addReceipts(conversations, { ...conversation, number: known.number }, known, message);
  }
  for (let from = 0; from < missing.length; from += lot) {
    const some = missing.slice(from, from + lot);
    const places = await Promise.all(some.map(message => conversations.add(conversation, message)));
    for (const [index, message] of some.entries()) {
      const place = { ...conversation, number: places[index]?.number as number };
      await addReceipts(conversations, place, { ...message, receipts: [] }, message);
    }
  }
  await markRead(conversations, conversation, messages, unread);
}

/** Adds receipts that are not there yet. What became of the message stays as it is here. */
async function addReceipts(
  conversations: Conversations,
  place: MessagePlace,
  here: KeptMessage,
  { receipts }: KeptMessage,
): Promise<void> {
  for (const receipt of receipts) {
    const change = { state: here.state, receipt };
    if (changeMessage(here, change) !== here) await conversations.update(place, change);
  }
}

/**
 * What was read elsewhere need not be read again: as far as all that is unread here was read there. It may be done as
 * often as an import is, and marks nothing that is only here.
 */
async function markRead(
  conversations: Conversations,
  conversation: Conversation,
  messages: readonly KeptMessage[],
  unread: number,
): Promise<void> {
  const read = new Set(
    messages
      .filter(isReceived)
      .slice(0, -unread || undefined)
      .map(nameOf),
  );
  const here = (await loadAll(conversations, conversation)).filter(isReceived);
  const { unread: unreadHere = 0 } = (await conversations.loadSummary(conversation)) ?? {};
  const waiting = here.slice(here.length - unreadHere);
  const end = waiting.findIndex(message => !read.has(nameOf(message)));
  const last = (end < 0 ? waiting : waiting.slice(0, end)).at(-1);
  if (last !== undefined) await conversations.markRead(conversation, last.number);
}

function isReceived({ direction }: KeptMessage): boolean {
  return direction === 'in';
}

/** The same for the same message, wherever it is kept. */
function nameOf({ direction, message }: KeptMessage): string {
  const { envelope, content } = message;
  return `${direction} ${envelope.sender.key} ${content.serialNumber} ${content.time ?? envelope.time ?? ''}`;
}

function formatEntry(kept: KeptMessage, protocol: Protocol): JsonObject {
  const { direction, state, time, labels, failure, receipts, message } = kept;
  return {
    direction,
    state,
    time,
    ...(labels && { labels: labels as unknown as JsonObject }),
    ...(failure && { failure: { ...failure } }),
    ...(receipts.length > 0 && {
      receipts: receipts.map(({ sender, time, text }) => ({ sender: sender.text, time, text })),
    }),
    message: formatInstantMessage(message, protocol),
  };
}

function parseEntry(json: JsonValue, protocol: Protocol): KeptMessage {
  const reader = new JsonReader(json, 'Backup.conversations.messages');
  const state = readChoice(reader, 'state', messageStates);
  const labels = reader.optionalObject('labels');
  const failure = state === 'queued' ? notSent : readFailure(reader);
  return {
    number: 0,
    direction: readChoice(reader, 'direction', ['in', 'out'] as const),
    state: state === 'queued' ? 'failed' : state,
    time: reader.integer('time'),
    message: readMessage(reader, protocol),
    ...(labels && { labels: labels as unknown as Protection }),
    ...(failure && { failure }),
    receipts: (reader.optionalList('receipts') ?? []).map(receipt => readReceipt(receipt, protocol)),
  };
}

function readMessage(reader: JsonReader, protocol: Protocol): InstantMessage {
  return parseInstantMessage(reader.object('message'), protocol);
}

function readFailure(reader: JsonReader): MessageFailure | undefined {
  const json = reader.optionalObject('failure');
  if (json === undefined) return undefined;
  const failure = new JsonReader(json, reader.at('failure'));
  return { code: failure.text('code'), reason: failure.text('reason') };
}

function readReceipt(json: JsonValue, protocol: Protocol): MessageReceipt {
  const receipt = new JsonReader(json, 'Backup.conversations.receipts');
  return {
    sender: readID(receipt, 'sender', protocol),
    time: receipt.integer('time'),
    text: receipt.text('text'),
  };
}

function readID(reader: JsonReader, name: string, protocol: Protocol): ID {
  return parseID(reader.value(name), protocol, reader.at(name));
}

function readChoice<T extends string>(reader: JsonReader, name: string, choices: readonly T[]): T {
  const text = reader.text(name);
  const found = choices.find(choice => choice === text);
  if (found === undefined) throw reader.error(name, choices.join(' or '), text);
  return found;
}
