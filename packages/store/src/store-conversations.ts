import { type Awaitable, type ID, parseID, whenReady } from '@dimp/mkm';
import {
  type Conversation,
  type ConversationSummary,
  type Conversations,
  conversationName,
  type KeptMessage,
  type MessageChange,
  type MessagePage,
  type MessagePlace,
  type NewMessage,
  parseSearchQuery,
} from '@dimp/sdk';
import { checkConversation, checkID, checkPage, checkQuery } from './check-arguments.js';
import type { ConversationContext } from './conversation-context.js';
import type { ConversationEditor } from './conversation-editor.js';
import { type ConversationRecord, parseConversation, summaryOf } from './conversation-record.js';
import { restoreLost } from './conversation-restore.js';
import { ConversationSearch } from './conversation-search.js';
import { decodeJson, getJson, listJson, putJson } from './json-records.js';
import { changeKept, decodeKept, type KeptRecord, parseKept } from './kept-record.js';
import type { RecordEntry, Records, Scope } from './records.js';

/** Messages of a page when it is not said. */
const pageSize = 50;

/**
 * The conversations of a store. In a unit what is changed shows when the unit is merged, since counts and the next
 * number depend on what others change.
 */
export class StoreConversations implements Conversations {
  readonly #scope: Scope;
  readonly #editor: ConversationEditor;
  readonly #context: ConversationContext;

  constructor(scope: Scope, editor: ConversationEditor) {
    this.#scope = scope;
    this.#editor = editor;
    this.#context = editor.context;
  }

  add(conversation: Conversation, message: NewMessage): Awaitable<MessagePlace> {
    checkConversation(conversation);
    const { user, peer } = conversation;
    const place = { user, peer, number: Number.NaN };
    const added = this.#scope.atEnd(records =>
      whenReady(this.#editor.add(place, message, records), number => {
        place.number = number;
      }),
    );
    return whenReady(added, () => {
      this.#context.sweeper.note();
      return place;
    });
  }

  async update(place: MessagePlace, change: MessageChange): Promise<void> {
    await this.#scope.atEnd(async records => {
      // it may be of the same unit, and have its number since a moment only
      const key = this.#editor.messageKey(place, place.number);
      const before = (await getJson(records, key)) as KeptRecord | undefined;
      if (before === undefined) return;
      const after = changeKept(before, change, this.#context.protocol);
      if (after !== before) putJson(records, key, after);
    });
  }

  async load(place: MessagePlace): Promise<KeptMessage | undefined> {
    const json = await getJson(this.#scope, this.#editor.messageKey(place, place.number));
    return json && parseKept(json, this.#context.protocol);
  }

  async list(conversation: Conversation, page: MessagePage = {}): Promise<readonly KeptMessage[]> {
    checkConversation(conversation);
    checkPage(page);
    const { before, after, limit = pageSize } = page;
    const bounds =
      after === undefined
        ? { ...(before !== undefined && { before }), reverse: true, limit }
        : { from: after + 1, limit };
    const range = this.#context.keys.sequence('message', conversationName(conversation), bounds);
    const found = await listJson(this.#scope, range);
    return found.map(json => parseKept(json, this.#context.protocol));
  }

  async findSent(user: ID, serialNumber: number): Promise<readonly MessagePlace[]> {
    const found = await this.#editor.sent.find(user, serialNumber, this.#scope);
    return found.map(([peer, number]) => ({ user, peer: parseID(peer, this.#context.protocol), number }));
  }

  async loadSummary(conversation: Conversation): Promise<ConversationSummary | undefined> {
    checkConversation(conversation);
    const record = await this.#editor.load(conversation, this.#scope);
    return record && summaryOf(record);
  }

  async listSummaries(user: ID): Promise<readonly ConversationSummary[]> {
    checkID(user, 'user');
    const entries = await this.#scope.list(this.#context.keys.range('conversation', user.key));
    const isWhole = entries.every(({ value }) => value !== undefined);
    const records = isWhole ? this.#parse(entries) : await this.#listWithLost(user);
    return records.map(summaryOf).sort((a, b) => b.time - a.time || b.last - a.last);
  }

  async markRead(conversation: Conversation, upTo: number = Number.POSITIVE_INFINITY): Promise<void> {
    checkConversation(conversation);
    await this.#scope.atEnd(async records => {
      const before = await this.#editor.load(conversation, records);
      if (before === undefined) return;
      const readUpTo = Math.min(upTo, before.last);
      if (readUpTo <= before.readUpTo) return;
      const unread = readUpTo === before.last ? 0 : await this.#countReceived(before, readUpTo + 1, records);
      this.#editor.save({ ...before, readUpTo, unread }, records);
    });
  }

  async remove(place: MessagePlace): Promise<void> {
    await this.#scope.atEnd(records => this.#editor.remove(place, place.number, records));
  }

  async removeAll(conversation: Conversation): Promise<void> {
    checkConversation(conversation);
    // a lot at a time, so that messages that come meanwhile need not wait for all
    for (let isMore = true; isMore; ) {
      isMore = await this.#scope.change(records => this.#editor.removeLot(conversation, records));
    }
  }

  async sweep(): Promise<void> {
    for (const conversation of await this.#list()) {
      if (!this.#editor.isTooLong(conversation)) continue;
      for (let isMore = true; isMore; ) {
        isMore = await this.#scope.change(async records => {
          const before = await this.#editor.load(conversation, records);
          if (before === undefined || !this.#editor.isTooLong(before)) return false;
          const after = await this.#editor.trim(before, records);
          this.#editor.save(after, records);
          return after.count < before.count && this.#editor.isTooLong(after);
        });
      }
    }
  }

  async search(
    conversation: Conversation,
    text: string,
    page: Pick<MessagePage, 'before' | 'limit'> = {},
  ): Promise<readonly KeptMessage[]> {
    checkConversation(conversation);
    checkQuery(text);
    checkPage(page);
    const { before = Number.MAX_SAFE_INTEGER, limit = pageSize } = page;
    const query = parseSearchQuery(text);
    if (query.terms.length === 0 || limit === 0) return [];
    const record = await this.#editor.load(conversation, this.#scope);
    if (record === undefined) return [];
    const search = new ConversationSearch(this.#editor, this.#scope);
    return search.run({ conversation: record, query, before, limit });
  }

  /** All conversations whose records are good. */
  async #list(): Promise<readonly ConversationRecord[]> {
    return this.#parse(await this.#scope.list(this.#context.keys.range('conversation')));
  }

  /** Those of a user, also the ones whose record is damaged: their messages are good. */
  async #listWithLost(user: ID): Promise<readonly ConversationRecord[]> {
    const known = await this.#list();
    const lost = await restoreLost(known, this.#context, this.#scope);
    return [...known, ...lost].filter(conversation => conversation.user.key === user.key);
  }

  #parse(entries: readonly RecordEntry[]): readonly ConversationRecord[] {
    return entries.flatMap(({ value }) =>
      value === undefined ? [] : [parseConversation(decodeJson(value), this.#context.protocol)],
    );
  }

  async #countReceived(conversation: Conversation, from: number, records: Records): Promise<number> {
    const range = this.#context.keys.sequence('message', conversationName(conversation), { from });
    const entries = await records.list(range);
    return entries.filter(({ value }) => value !== undefined && decodeKept(value).direction === 'in').length;
  }
}
