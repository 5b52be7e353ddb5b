import type { JsonObject } from '@dimp/crypto';
import { parseContent } from '@dimp/dkd';
import { type Conversation, conversationName, readableText, searchTerms } from '@dimp/sdk';
import type { ConversationContext } from './conversation-context.js';
import type { DatabaseRange } from './database.js';
import { decodeKept, type KeptRecord } from './kept-record.js';
import type { RecordKey, SequenceBounds } from './record-key.js';
import type { Reads, Records } from './records.js';
import { bucketCount, encodeSegment, hashTerm, segmentSize } from './search-segment.js';

/** Numbers of messages, from one on and before another. */
type Span = SequenceBounds & { readonly from: number; readonly before: number };

/** The index of conversations: what is said in which messages, segment by segment. */
export class ConversationIndex {
  readonly #context: ConversationContext;

  constructor(context: ConversationContext) {
    this.#context = context;
  }

  /** What can be searched of a message. */
  textOf(message: KeptRecord): string {
    const { content } = message['message'] as JsonObject;
    return readableText(parseContent(content, this.#context.protocol));
  }

  /** The records of segments in one bucket. */
  segments(conversation: Conversation, bucket: number, bounds: SequenceBounds = {}): DatabaseRange {
    return this.#context.keys.sequence('search', bucketName(conversation, bucket), bounds);
  }

  /** Writes a segment, from the messages that are there. */
  async write(conversation: Conversation, segment: number, records: Records): Promise<void> {
    const [from, before] = [segment * segmentSize, (segment + 1) * segmentSize];
    const name = conversationName(conversation);
    const terms = new Map<number, readonly number[]>();
    let unknown = before;
    for (let number = before - 1; number >= from; number--) {
      const known = this.#context.memory.textOf(name, number);
      if (known === undefined) unknown = number;
      else terms.set(number - from, hashesOf(known));
    }
    await this.#read(conversation, { from: unknown, before }, from, terms, records);
    for (const [bucket, bytes] of encodeSegment(terms).entries()) {
      records.put(this.#key(conversation, bucket, segment), bytes);
    }
  }

  remove(conversation: Conversation, segment: number, records: Records): void {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      records.remove(this.#key(conversation, bucket, segment));
    }
  }

  async removeAll(conversation: Conversation, records: Records): Promise<void> {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      for (const { key } of await records.list(this.segments(conversation, bucket))) records.remove(key);
    }
  }

  /** Reads the terms of messages that are not in memory: after a start, or where one was removed. */
  async #read(
    conversation: Conversation,
    span: Span,
    base: number,
    terms: Map<number, readonly number[]>,
    reads: Reads,
  ): Promise<void> {
    if (span.from === span.before) return;
    const range = this.#context.keys.sequence('message', conversationName(conversation), span);
    for (const { value } of await reads.list(range)) {
      if (value === undefined) continue;
      const message = decodeKept(value);
      terms.set(message.number - base, hashesOf(this.textOf(message)));
    }
  }

  #key(conversation: Conversation, bucket: number, segment: number): RecordKey {
    return this.#context.keys.ordered('search', bucketName(conversation, bucket), segment);
  }
}

function hashesOf(text: string): readonly number[] {
  const hashes: number[] = [];
  for (const term of searchTerms(text)) hashes.push(hashTerm(term));
  return hashes;
}

function bucketName(conversation: Conversation, bucket: number): string {
  return `${conversationName(conversation)} ${bucket}`;
}
