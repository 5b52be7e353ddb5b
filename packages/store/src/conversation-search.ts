import { type Conversation, conversationName, type KeptMessage, type SearchQuery } from '@dimp/sdk';
import type { ConversationContext } from './conversation-context.js';
import type { ConversationEditor } from './conversation-editor.js';
import type { ConversationRecord } from './conversation-record.js';
import { decodeKept, type KeptRecord, parseKept } from './kept-record.js';
import { sequenceOf } from './record-key.js';
import type { Reads } from './records.js';
import { bucketOf, findInSegment, hashTerm, segmentOf, segmentSize } from './search-segment.js';

/** How many segments are read at once: few at first, since the newest messages are often enough. */
const firstPage = 8;
const largestPage = 128;

/** What is looked for, and where. */
export interface Search {
  readonly conversation: ConversationRecord;
  readonly query: SearchQuery;
  readonly before: number;
  readonly limit: number;
}

/** Finds messages through the index of a conversation, newest first; those that are in no segment are looked at. */
export class ConversationSearch {
  readonly #context: ConversationContext;
  readonly #editor: ConversationEditor;
  readonly #reads: Reads;

  constructor(editor: ConversationEditor, reads: Reads) {
    this.#context = editor.context;
    this.#editor = editor;
    this.#reads = reads;
  }

  async run(search: Search): Promise<readonly KeptMessage[]> {
    const { conversation, query, before, limit } = search;
    const hashes = query.terms.map(hashTerm);
    const found: KeptRecord[] = [];
    const { first, indexed } = conversation;
    await this.#scan(search, indexed * segmentSize, before, found);
    // the segment in which `before` stands, and those below
    let end = Math.min(indexed, segmentOf(Math.min(before, conversation.last + 1)) + 1);
    const lowest = segmentOf(first);
    for (let size = firstPage; end > lowest && found.length < limit; size = Math.min(2 * size, largestPage)) {
      const start = Math.max(lowest, end - size);
      const places = await this.#find(conversation, hashes, start, end);
      for (let segment = end - 1; segment >= start && found.length < limit; segment--) {
        const base = segment * segmentSize;
        const named = places.get(segment);
        // one that is damaged or missing is no reason not to find what it was for
        if (named === undefined) await this.#scan(search, base, base + segmentSize, found);
        else await this.#pick(search, base, named, found);
      }
      end = start;
    }
    return found.map(message => parseKept(message, this.#context.protocol));
  }

  /** The places, newest first, of messages with all terms, by segment; without those that cannot be read. */
  async #find(
    conversation: Conversation,
    hashes: readonly number[],
    from: number,
    before: number,
  ): Promise<ReadonlyMap<number, readonly number[]>> {
    let places = new Map<number, readonly number[]>();
    for (const [index, hash] of hashes.entries()) {
      if (index > 0 && [...places.values()].every(({ length }) => length === 0)) break;
      const range = this.#editor.index.segments(conversation, bucketOf(hash), { from, before });
      const left = new Map<number, readonly number[]>();
      for (const { key, value } of await this.#reads.list(range)) {
        const segment = sequenceOf(key);
        const known = places.get(segment);
        if (value === undefined || (index > 0 && known === undefined)) continue;
        const found = findInSegment(value, hash);
        left.set(segment, known?.filter(place => found.includes(place)) ?? [...found].reverse());
      }
      places = left;
    }
    return places;
  }

  /** Looks at messages that an index names. */
  async #pick(
    { conversation, query, before, limit }: Search,
    base: number,
    places: readonly number[],
    found: KeptRecord[],
  ): Promise<void> {
    for (const place of places) {
      const number = base + place;
      if (number >= before || number < conversation.first) continue;
      const value = await this.#reads.get(this.#editor.messageKey(conversation, number));
      const message = value && decodeKept(value);
      // it may be gone, and other words may have the same hash
      if (message !== undefined && query.fits(this.#editor.index.textOf(message))) found.push(message);
      if (found.length === limit) return;
    }
  }

  /** Looks at all messages from a number on. */
  async #scan(
    { conversation, query, before, limit }: Search,
    from: number,
    end: number,
    found: KeptRecord[],
  ): Promise<void> {
    const bounds = { from, before: Math.min(end, before, conversation.last + 1), reverse: true };
    if (bounds.from >= bounds.before) return;
    const range = this.#context.keys.sequence('message', conversationName(conversation), bounds);
    for (const { value } of await this.#reads.list(range)) {
      const message = value && decodeKept(value);
      if (message !== undefined && query.fits(this.#editor.index.textOf(message))) found.push(message);
      if (found.length === limit) return;
    }
  }
}
