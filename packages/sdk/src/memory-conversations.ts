import { formatJson } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { formatInstantMessage, type MessageContext } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import {
  type Conversation,
  type ConversationSummary,
  type Conversations,
  changeMessage,
  conversationName,
  type KeptMessage,
  type MessageChange,
  type MessagePage,
  type MessagePlace,
  type NewMessage,
  type Retention,
} from './conversations.js';
import { defaultProtocol } from './defaults.js';
import { parseSearchQuery, readableText, searchTerms } from './text-search.js';

/** How conversations in memory are bounded. */
export interface MemoryConversationsOptions {
  readonly retention?: Retention;
  /** By which the size of messages is measured; `defaultProtocol()` when absent. */
  readonly protocol?: MessageContext;
  /** Seconds since 1970. */
  readonly clock?: () => number;
}

interface Entry {
  message: KeptMessage;
  readonly size: number;
}

interface Thread {
  readonly conversation: Conversation;
  /** By number; the oldest stands first. */
  readonly entries: Map<number, Entry>;
  /** Numbers of messages by what they are found by. */
  readonly index: Map<string, Set<number>>;
  bytes: number;
  last: number;
  time: number;
  readUpTo: number;
}

/** Conversations in memory: for tests and for programs that need not remember anything. */
export class MemoryConversations implements Conversations {
  readonly #retention: Retention;
  readonly #protocol: MessageContext;
  readonly #clock: () => number;
  readonly #threads = new Map<string, Thread>();
  /** The number given last, to whichever conversation: none is given twice, also when one is removed. */
  #last = 0;

  constructor(options: MemoryConversationsOptions = {}) {
    this.#retention = options.retention ?? {};
    this.#protocol = options.protocol ?? defaultProtocol();
    this.#clock = options.clock ?? (() => Math.floor(Date.now() / 1000));
  }

  add(conversation: Conversation, message: NewMessage): MessagePlace {
    const name = conversationName(conversation);
    const thread = this.#threads.get(name) ?? newThread(conversation);
    this.#threads.set(name, thread);
    this.#last++;
    const number = this.#last;
    const size = this.#sizeOf(message);
    thread.entries.set(number, { message: { ...message, number, receipts: [] }, size });
    for (const term of searchTerms(readableText(message.message.content))) {
      const numbers = thread.index.get(term) ?? new Set();
      thread.index.set(term, numbers.add(number));
    }
    thread.bytes += size;
    thread.last = number;
    thread.time = message.time;
    this.#sweep(thread);
    return { user: conversation.user, peer: conversation.peer, number };
  }

  update(place: MessagePlace, change: MessageChange): void {
    const entry = this.#entry(place);
    if (entry !== undefined) entry.message = changeMessage(entry.message, change);
  }

  load(place: MessagePlace): KeptMessage | undefined {
    return this.#entry(place)?.message;
  }

  list(conversation: Conversation, { before, after, limit = 50 }: MessagePage = {}): readonly KeptMessage[] {
    checkLimit(limit);
    const all = [...(this.#thread(conversation)?.entries.values() ?? [])].map(({ message }) => message);
    if (after !== undefined) return all.filter(({ number }) => number > after).slice(0, limit);
    return all
      .filter(({ number }) => before === undefined || number < before)
      .reverse()
      .slice(0, limit);
  }

  findSent(user: ID, serialNumber: number): readonly MessagePlace[] {
    const places: MessagePlace[] = [];
    for (const { conversation, entries } of this.#threads.values()) {
      if (conversation.user.key !== user.key) continue;
      for (const { message } of entries.values()) {
        if (message.direction !== 'out' || message.message.content.serialNumber !== serialNumber) continue;
        places.push({ ...conversation, number: message.number });
      }
    }
    return places;
  }

  loadSummary(conversation: Conversation): ConversationSummary | undefined {
    const thread = this.#thread(conversation);
    return thread && summaryOf(thread);
  }

  listSummaries(user: ID): readonly ConversationSummary[] {
    const threads = [...this.#threads.values()].filter(
      ({ conversation }) => conversation.user.key === user.key,
    );
    return threads.map(summaryOf).sort((a, b) => b.time - a.time);
  }

  markRead(conversation: Conversation, upTo: number = Number.POSITIVE_INFINITY): void {
    const thread = this.#thread(conversation);
    if (thread !== undefined) thread.readUpTo = Math.max(thread.readUpTo, Math.min(upTo, thread.last));
  }

  remove(place: MessagePlace): void {
    const thread = this.#thread(place);
    if (thread !== undefined) forget(thread, place.number);
  }

  removeAll(conversation: Conversation): void {
    this.#threads.delete(conversationName(conversation));
  }

  sweep(): void {
    for (const thread of this.#threads.values()) this.#sweep(thread);
  }

  search(
    conversation: Conversation,
    text: string,
    { before = Number.POSITIVE_INFINITY, limit = 50 }: Pick<MessagePage, 'before' | 'limit'> = {},
  ): readonly KeptMessage[] {
    checkLimit(limit);
    const thread = this.#thread(conversation);
    const query = parseSearchQuery(text);
    if (thread === undefined || query.terms.length === 0) return [];
    const sets = query.terms.map(term => thread.index.get(term) ?? new Set<number>());
    const [rarest, ...others] = sets.sort((a, b) => a.size - b.size);
    const numbers = [...(rarest ?? [])].filter(number => others.every(set => set.has(number)));
    return numbers
      .filter(number => number < before)
      .sort((a, b) => b - a)
      .flatMap(number => thread.entries.get(number)?.message ?? [])
      .filter(({ message }) => query.fits(readableText(message.content)))
      .slice(0, limit);
  }

  #thread(conversation: Conversation): Thread | undefined {
    return this.#threads.get(conversationName(conversation));
  }

  #entry(place: MessagePlace): Entry | undefined {
    return this.#thread(place)?.entries.get(place.number);
  }

  #sizeOf({ message }: NewMessage): number {
    if (this.#retention.maxBytes === undefined) return 0;
    return encodeUtf8(formatJson(formatInstantMessage(message, this.#protocol), 'InstantMessage')).length;
  }

  #sweep(thread: Thread): void {
    const { maxAge = Number.POSITIVE_INFINITY, maxMessages = Number.POSITIVE_INFINITY } = this.#retention;
    const { maxBytes = Number.POSITIVE_INFINITY } = this.#retention;
    const earliest = this.#clock() - maxAge;
    for (const [number, { message }] of thread.entries) {
      const isTooMuch = thread.entries.size > maxMessages || thread.bytes > maxBytes;
      if (!isTooMuch && message.time >= earliest) break;
      forget(thread, number);
    }
  }
}

/** @throws {RangeError} it is no number of messages */
function checkLimit(limit: number): void {
  if (limit >= 0 && (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY)) return;
  throw new RangeError(
    `page.limit: expected a whole number of 0 or more, got ${limit}; write { limit: 50 }.`,
  );
}

function newThread({ user, peer }: Conversation): Thread {
  const conversation = { user, peer };
  return { conversation, entries: new Map(), index: new Map(), bytes: 0, last: 0, time: 0, readUpTo: 0 };
}

function forget(thread: Thread, number: number): void {
  const entry = thread.entries.get(number);
  if (entry === undefined) return;
  thread.entries.delete(number);
  thread.bytes -= entry.size;
  for (const term of searchTerms(readableText(entry.message.message.content))) {
    const numbers = thread.index.get(term);
    numbers?.delete(number);
    if (numbers?.size === 0) thread.index.delete(term);
  }
}

function summaryOf({ conversation, entries, last, time, readUpTo }: Thread): ConversationSummary {
  let unread = 0;
  for (const [number, { message }] of entries) if (number > readUpTo && message.direction === 'in') unread++;
  return { ...conversation, count: entries.size, unread, last, time };
}
