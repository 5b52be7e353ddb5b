import { type Awaitable, whenReady } from '@dimp/mkm';
import { type Conversation, conversationName, type NewMessage, readableText } from '@dimp/sdk';
import type { ConversationContext } from './conversation-context.js';
import { ConversationIndex } from './conversation-index.js';
import {
  type ConversationRecord,
  encodeConversation,
  newConversation,
  parseConversation,
  withoutMessage,
} from './conversation-record.js';
import { recordOf } from './conversation-restore.js';
import { Draft } from './draft.js';
import { DamagedRecordError } from './errors.js';
import { decodeJson, getJson } from './json-records.js';
import { decodeKept, formatKept, type KeptRecord } from './kept-record.js';
import { type RecordKey, sequenceOf } from './record-key.js';
import type { Reads, Records } from './records.js';
import { segmentOf, segmentSize } from './search-segment.js';
import { SentMessages } from './sent-messages.js';

/** How many messages are removed in one step: others should not have to wait for thousands of them. */
const lot = 256;

/**
 * The records of a conversation, and what has to be done to all of them when a message comes or goes:
 *
 * - `conversation`, by user and peer: counts and ends, see `ConversationRecord`;
 * - `message`, by conversation and number;
 * - `sent message`, by user and serial number: where what he sent stands;
 * - `search`, by conversation, bucket and segment: the index, see `encodeSegment`. The newest messages, up to the end
 *   of a segment, are in none yet.
 */
export class ConversationEditor {
  readonly context: ConversationContext;
  readonly index: ConversationIndex;
  readonly sent: SentMessages;

  constructor(context: ConversationContext) {
    this.context = context;
    this.index = new ConversationIndex(context);
    this.sent = new SentMessages(context.keys);
  }

  conversationKey({ user, peer }: Conversation): RecordKey {
    return this.context.keys.member('conversation', user.key, peer.key);
  }

  messageKey(conversation: Conversation, number: number): RecordKey {
    return this.context.keys.ordered('message', conversationName(conversation), number);
  }

  /** Undefined when there is none. When its record was lost it is made anew from the messages. */
  load(conversation: Conversation, reads: Reads): Awaitable<ConversationRecord | undefined> {
    return whenReady(reads.find(this.conversationKey(conversation)), value => {
      if (value === undefined) return this.#restore(conversation, reads);
      if (value instanceof Draft) return (value as Draft<ConversationRecord>).of;
      return parseConversation(decodeJson(value), this.context.protocol);
    });
  }

  save(conversation: ConversationRecord, records: Records): void {
    records.put(this.conversationKey(conversation), new Draft(conversation, encodeConversation));
  }

  /** Puts a message behind the others. Resolves with its number. */
  add(conversation: Conversation, message: NewMessage, records: Records): Awaitable<number> {
    return whenReady(this.load(conversation, records), found => {
      const before = found ?? newConversation(conversation);
      const after = this.#append(before, message, records);
      const noted = this.sent.note(conversation, after.last, message, records);
      return whenReady(noted, () => {
        const isMoreToDo = after.indexed > before.indexed || this.isTooLong(after);
        if (isMoreToDo) return this.#finish(before, after, records);
        this.save(after, records);
        return after.last;
      });
    });
  }

  /** Puts a message behind the others. The record of its conversation, as it is then, is for the caller to save. */
  #append(before: ConversationRecord, message: NewMessage, records: Records): ConversationRecord {
    const number = before.last + 1;
    const { bytes, size } = formatKept(message, number, this.context.protocol);
    records.put(this.messageKey(before, number), bytes);
    this.context.memory.noteText(conversationName(before), number, readableText(message.message.content));
    return {
      ...before,
      count: before.count + 1,
      unread: before.unread + (message.direction === 'in' ? 1 : 0),
      last: number,
      time: message.time,
      firstTime: before.count === 0 ? message.time : before.firstTime,
      bytes: before.bytes + size,
      indexed: segmentOf(number),
    };
  }

  /** What is seldom to be done when a message came: the index of those before it, and the end of the oldest. Its number. */
  async #finish(before: ConversationRecord, after: ConversationRecord, records: Records): Promise<number> {
    for (let full = before.indexed; full < after.indexed; full++) {
      await this.index.write(before, full, records);
      this.context.memory.forgetBefore(conversationName(before), (full + 1) * segmentSize);
    }
    this.save(this.isTooLong(after) ? await this.trim(after, records) : after, records);
    return after.last;
  }

  /** Whether there is more of a conversation than is to be kept. */
  isTooLong({ count, bytes, firstTime }: ConversationRecord): boolean {
    const { maxMessages, maxBytes, maxAge } = this.context.retention;
    if (count === 0) return false;
    if (maxMessages !== undefined && count > maxMessages) return true;
    if (maxBytes !== undefined && bytes > maxBytes) return true;
    return maxAge !== undefined && firstTime < this.context.clock() - maxAge;
  }

  /** Removes the oldest messages that are too many or too old, up to a lot. The record is for the caller to save. */
  async trim(conversation: ConversationRecord, records: Records): Promise<ConversationRecord> {
    let left = conversation;
    const bounds = { from: left.first, limit: lot };
    const range = this.context.keys.sequence('message', conversationName(conversation), bounds);
    for (const { key, value } of await records.list(range)) {
      const message = value && decodeKept(value);
      if (message === undefined) {
        // damaged: it goes with its neighbours
        records.remove(key);
        left = withoutMessage(left, undefined);
        continue;
      }
      left = { ...left, first: message.number, firstTime: message.time };
      if (!this.isTooLong(left)) break;
      left = await this.#take(left, message, records);
      left = { ...left, first: message.number + 1 };
    }
    this.#leaveIndex(conversation, left, records);
    return left;
  }

  /** Removes one message. */
  async remove(conversation: Conversation, number: number, records: Records): Promise<void> {
    const before = await this.load(conversation, records);
    const json = await getJson(records, this.messageKey(conversation, number));
    if (before === undefined || json === undefined) return;
    this.save(await this.#take(before, json as KeptRecord, records), records);
    const segment = segmentOf(number);
    if (segment < before.indexed) await this.index.write(conversation, segment, records);
  }

  /**
   * Removes the first lot of a conversation that is to go as a whole. Resolves with whether more is left; what is left
   * is counted right, since it stays when the next lot does not come to disk.
   */
  async removeLot(conversation: Conversation, records: Records): Promise<boolean> {
    const { keys } = this.context;
    const entries = await records.list(
      keys.sequence('message', conversationName(conversation), { limit: lot }),
    );
    const isMore = entries.length === lot;
    const before = isMore ? await this.#loadUndamaged(conversation, records) : undefined;
    let left = before;
    for (const { key, value } of entries) {
      records.remove(key);
      const message = value && decodeKept(value);
      if (message !== undefined) await this.#forget(conversation, message, records);
      left &&= { ...withoutMessage(left, message), first: sequenceOf(key) + 1 };
    }
    if (before !== undefined && left !== undefined) {
      this.#leaveIndex(before, left, records);
      this.save(left, records);
    }
    if (isMore) return true;
    await this.index.removeAll(conversation, records);
    records.remove(this.conversationKey(conversation));
    return false;
  }

  /** Takes a message away and out of all counts. */
  async #take(
    conversation: ConversationRecord,
    message: KeptRecord,
    records: Records,
  ): Promise<ConversationRecord> {
    records.remove(this.messageKey(conversation, message.number));
    await this.#forget(conversation, message, records);
    return withoutMessage(conversation, message);
  }

  /** A message is gone: so is what is known of it elsewhere. */
  async #forget(conversation: Conversation, message: KeptRecord, records: Records): Promise<void> {
    this.context.memory.forgetText(conversationName(conversation), message.number);
    await this.sent.forget(conversation, message, records);
  }

  /** The segments of messages that are gone from the front go as well. */
  #leaveIndex(before: ConversationRecord, after: ConversationRecord, records: Records): void {
    for (let gone = segmentOf(before.first); gone < segmentOf(after.first); gone++) {
      this.index.remove(before, gone, records);
    }
  }

  /** As `load`, for what does without a record that is damaged. */
  async #loadUndamaged(conversation: Conversation, reads: Reads): Promise<ConversationRecord | undefined> {
    try {
      return await this.load(conversation, reads);
    } catch (error) {
      if (error instanceof DamagedRecordError) return undefined;
      throw error;
    }
  }

  async #restore(conversation: Conversation, reads: Reads): Promise<ConversationRecord | undefined> {
    const name = conversationName(conversation);
    return recordOf(conversation, await reads.list(this.context.keys.sequence('message', name)));
  }
}
