import type { Awaitable } from '@dimp/mkm';
import type { DatabaseOperation, SyncedDatabase } from '@dimp/store/synced';
import { type Digest, formatDigests } from './digest.js';
import type { StorageError } from './errors.js';
import type { KeptUser } from './kept-user.js';
import { entryBytes, formatJournal } from './message-journal.js';
import { journalKey, messageKey, textOfKey, type UserName } from './message-keys.js';
import { formatMessage, messageBytes } from './message-records.js';
import type { Arrival, MessageState } from './message-state.js';

/** Messages in one batch at most: what they cost holds up everything else. */
const mostMessages = 2048;
/** Bytes in one batch, about. */
const mostBytes = 4_194_304;

/** A message that comes in. */
export interface NewMessage {
  readonly senderTag: string;
  readonly time: number;
  readonly digest: Digest;
  readonly data: Uint8Array;
}

/** Somebody who waits until a batch is on disk. */
export interface Waiter {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: StorageError) => void;
  readonly result: unknown;
}

/** Changes that go to disk together. */
export class MessageBatch {
  readonly waiters: Waiter[] = [];
  readonly #database: SyncedDatabase;
  readonly #state: MessageState;
  readonly #before: () => MessageBatch | undefined;
  readonly #operations: DatabaseOperation[] = [];
  readonly #arrivals: Arrival[] = [];
  // most batches have none of these, and there are hundreds a second
  #touched: Set<KeptUser> | undefined;
  #forgotten: Set<KeptUser> | undefined;
  /** What disk shows still. */
  #removed: Set<string> | undefined;
  readonly #ends: (() => void)[] = [];
  #removedMessages = 0;
  #removedBytes = 0;
  #size = 0;

  /** @param before the batch before, while it is being written */
  constructor(database: SyncedDatabase, state: MessageState, before: () => MessageBatch | undefined) {
    this.#database = database;
    this.#state = state;
    this.#before = before;
  }

  get isEmpty(): boolean {
    return this.#arrivals.length === 0 && this.#operations.length === 0 && this.#touched === undefined;
  }

  get isFull(): boolean {
    return this.#arrivals.length >= mostMessages || this.#size >= mostBytes;
  }

  user(name: UserName): Awaitable<KeptUser> {
    return this.#state.users.load(name);
  }

  /** Something of a user was changed that is to be written now. */
  touch(user: KeptUser): void {
    this.#state.touch(user);
    this.save(user);
  }

  /** Nothing is kept of a user any more, unless something is changed again. */
  forget(user: KeptUser): void {
    this.#touched?.delete(user);
    this.#state.clean(user);
    this.#forgotten ??= new Set();
    this.#forgotten.add(user);
  }

  /**
   * Keeps a message under the user's next number: in his mailbox, or only in the journal when it is not likely to stay,
   * or when others before it are there.
   */
  add(user: KeptUser, { senderTag, time, digest, data }: NewMessage): number {
    const number = user.next++;
    const isHot = user.isPrompt || user.flying > 0 || user.hot.length > 0;
    user.messages++;
    user.bytes += data.length;
    this.#state.touch(user);
    this.#state.seen.add(digest, time);
    if (isHot) user.flying++;
    else this.put(messageKey(user.name, number), formatMessage(time, senderTag, data));
    const entry = { number, time, senderTag, digest, bytes: data.length, data: isHot ? data : undefined };
    this.#arrivals.push({ user, entry });
    this.#size += entryBytes(entry.data);
    return number;
  }

  /** Removes a message from the mailbox if it is there. @param known its record, where it was read already */
  async remove(user: KeptUser, number: number, known?: Uint8Array): Promise<void> {
    const key = messageKey(user.name, number);
    const text = textOfKey(key);
    // until this is written it is on disk still
    if (this.hasRemoved(text) || this.#before()?.hasRemoved(text) === true) return;
    const value = known ?? (await this.#database.read(key));
    if (value !== undefined) this.take(user, number, messageBytes(value));
  }

  /** Removes a message that is in the mailbox. */
  take(user: KeptUser, number: number, bytes: number): void {
    const key = messageKey(user.name, number);
    this.#removed ??= new Set();
    this.#removed.add(textOfKey(key));
    user.messages--;
    user.bytes -= bytes;
    this.#removedMessages++;
    this.#removedBytes += bytes;
    this.write({ type: 'del', key });
    this.touch(user);
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.write({ type: 'put', key, value });
  }

  write(operation: DatabaseOperation): void {
    this.#operations.push(operation);
    this.#size += operation.key.length + (operation.type === 'put' ? operation.value.length : 0);
  }

  /** Brings the record of a user up to date with it. */
  save(user: KeptUser): void {
    this.#touched ??= new Set();
    this.#touched.add(user);
  }

  /** Calls a function when it is on disk. */
  whenDone(end: () => void): void {
    this.#ends.push(end);
  }

  /** Whether the message with this key is removed here. */
  hasRemoved(text: string): boolean {
    return this.#removed?.has(text) === true;
  }

  /** What is to be written. Nothing can be added any more. */
  finish(): readonly DatabaseOperation[] {
    const operations = this.#operations;
    if (this.#arrivals.length > 0) operations.push(this.#journal());
    const [forgotten, touched] = [this.#forgotten, this.#touched];
    if (forgotten === undefined && touched === undefined) return operations;
    for (const user of forgotten ?? []) if (!user.isDirty) operations.push(this.#state.erase(user));
    for (const user of touched ?? []) operations.push(this.#state.save(user));
    operations.push(this.#state.sums());
    return operations;
  }

  /** It is on disk: what is remembered is to show it. */
  apply(): void {
    this.#state.removed(this.#removedMessages, this.#removedBytes);
    for (const end of this.#ends) end();
  }

  #journal(): DatabaseOperation {
    const [state, arrivals] = [this.#state, this.#arrivals];
    const number = state.nextJournal();
    const value = formatJournal(arrivals);
    const digests = formatDigests(arrivals.map(({ entry }) => entry.digest));
    const journal = { number, time: performance.now(), digests, bytes: value.length };
    this.#ends.push(() => state.written(journal, arrivals));
    return { type: 'put', key: journalKey(number), value };
  }
}
