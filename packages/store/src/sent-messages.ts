import type { JsonObject } from '@dimp/crypto';
import { decodeUtf8, encodeUtf8 } from '@dimp/crypto/format';
import { type Awaitable, type ID, whenReady } from '@dimp/mkm';
import type { Conversation, NewMessage } from '@dimp/sdk';
import { bytesOf } from './draft.js';
import type { KeptRecord } from './kept-record.js';
import type { RecordKey, RecordKeys } from './record-key.js';
import type { Reads, Records } from './records.js';

/** Where a message that was sent stands: `[peer, number]`. */
type SentEntry = readonly [peer: string, number: number];

/** Where messages stand that local users have sent, by user and serial number: `[[peer, number], …]`. */
export class SentMessages {
  readonly #keys: RecordKeys;

  constructor(keys: RecordKeys) {
    this.#keys = keys;
  }

  /** Usually one; the same content may have been sent to several, or again. */
  find(user: ID, serialNumber: number, reads: Reads): Awaitable<readonly SentEntry[]> {
    return load(this.#key(user, serialNumber), reads);
  }

  /** A message was kept. One that came, or without serial number is not noted, as nobody can say that it came. */
  note(
    { user, peer }: Conversation,
    number: number,
    { direction, message }: NewMessage,
    records: Records,
  ): Awaitable<void> {
    const { serialNumber } = message.content;
    if (direction === 'in' || serialNumber === undefined) return;
    const key = this.#key(user, serialNumber);
    return whenReady(load(key, records), before => save(key, [...before, [peer.text, number]], records));
  }

  /** A message is gone. */
  async forget({ user }: Conversation, message: KeptRecord, records: Records): Promise<void> {
    const { content } = message['message'] as { readonly content: JsonObject };
    if (message.direction === 'in' || content['sn'] === undefined) return;
    const key = this.#key(user, content['sn'] as number);
    const left = (await load(key, records)).filter(([, number]) => number !== message.number);
    if (left.length === 0) records.remove(key);
    else save(key, left, records);
  }

  #key(user: ID, serialNumber: number): RecordKey {
    return this.#keys.key('sent message', user.key, String(serialNumber));
  }
}

function load(key: RecordKey, reads: Reads): Awaitable<readonly SentEntry[]> {
  return whenReady(reads.find(key), value =>
    value === undefined ? [] : JSON.parse(decodeUtf8(bytesOf(value))),
  );
}

function save(key: RecordKey, entries: readonly SentEntry[], records: Records): void {
  records.put(key, encodeUtf8(JSON.stringify(entries)));
}
