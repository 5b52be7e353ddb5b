import type { DatabaseOperation, SyncedDatabase } from '@dimp/store/synced';
import { type Digest, formatDigests } from './digest.js';
import { type HotMessage, isWithAll, type KeptUser } from './kept-user.js';
import { KeptUsers } from './kept-users.js';
import { type JournalEntry, parseJournal } from './message-journal.js';
import { journalOfKey, journalRange, totalKey, type UserName, userKey } from './message-keys.js';
import { formatTotal, formatUser, parseTotal } from './message-records.js';
import type { Usage } from './message-store.js';
import { SeenMessages } from './seen-messages.js';

/** A record of the journal that is on disk. */
export interface Journal {
  readonly number: number;
  /** When it was written, by `performance.now()`. */
  readonly time: number;
  /** Of its messages, one behind the other. */
  readonly digests: Uint8Array;
  readonly bytes: number;
}

/** A message of a batch, and whose it is. */
export interface Arrival {
  readonly user: KeptUser;
  readonly entry: JournalEntry;
}

/**
 * What is remembered of a message store: what its records say, and on top of that what the journal tells. It is read
 * at the start, and again when a batch has failed.
 */
export class MessageState {
  readonly users: KeptUsers;
  /** Whose records are not up to date, longest first. */
  readonly dirty: Set<KeptUser> = new Set();
  /** Who has messages in the journal, or had. */
  readonly hot: Set<KeptUser> = new Set();
  /** The last record of the journal that is being settled, or below all. */
  settling = 0;
  /** Who got rid of something in these records, so that his record must be written before they go. */
  readonly late: Set<KeptUser> = new Set();
  readonly #database: SyncedDatabase;
  #seen: SeenMessages;
  #journals: Journal[] = [];
  #journalBytes = 0;
  #nextJournal = 1;
  #messages = 0;
  #bytes = 0;
  /** The sums of what the records of users say. */
  #saved: Usage = { messages: 0, bytes: 0 };

  private constructor(database: SyncedDatabase, clock: () => number, seen: SeenMessages) {
    this.#database = database;
    this.#seen = seen;
    this.users = new KeptUsers(database, clock);
  }

  static async open(database: SyncedDatabase, clock: () => number): Promise<MessageState> {
    const state = new MessageState(database, clock, await SeenMessages.open(database));
    await state.#read();
    return state;
  }

  get seen(): SeenMessages {
    return this.#seen;
  }

  /** How much is kept in all. */
  get total(): Usage {
    return { messages: this.#messages, bytes: this.#bytes };
  }

  /** Those that are on disk, oldest first. */
  get journals(): readonly Journal[] {
    return this.#journals;
  }

  get journalBytes(): number {
    return this.#journalBytes;
  }

  /** Forgets everything and reads it again. */
  async reload(): Promise<void> {
    this.users.clear();
    this.dirty.clear();
    this.hot.clear();
    this.late.clear();
    this.settling = 0;
    this.#journals = [];
    this.#journalBytes = 0;
    this.#seen = await SeenMessages.open(this.#database);
    await this.#read();
  }

  nextJournal(): number {
    return this.#nextJournal++;
  }

  /** A record of the journal is on disk, and what came in with it. */
  written(journal: Journal, arrivals: readonly Arrival[]): void {
    this.#journals.push(journal);
    this.#journalBytes += journal.bytes;
    for (const { user, entry } of arrivals) {
      this.#messages++;
      this.#bytes += entry.bytes;
      if (entry.data === undefined) continue;
      user.flying--;
      this.#heat(user, entry, entry.data, journal.number);
    }
  }

  /** The first records of the journal are there no more. */
  dropJournals(count: number): void {
    for (const { bytes } of this.#journals.splice(0, count)) this.#journalBytes -= bytes;
  }

  /** A message that was in the journal only is needed no more. */
  drop(user: KeptUser, { journal, data }: HotMessage): void {
    user.messages--;
    user.bytes -= data.length;
    this.removed(1, data.length);
    this.touch(user);
    if (journal <= this.settling) this.late.add(user);
  }

  /** So much is gone that was kept. */
  removed(messages: number, bytes: number): void {
    this.#messages -= messages;
    this.#bytes -= bytes;
  }

  /** His record is not up to date. */
  touch(user: KeptUser): void {
    if (user.isDirty) return;
    user.isDirty = true;
    this.dirty.add(user);
  }

  /** What was changed of him is of no interest. */
  clean(user: KeptUser): void {
    user.isDirty = false;
    this.dirty.delete(user);
  }

  /** What brings the record of a user up to date. Sums are to follow in the same batch. */
  save(user: KeptUser): DatabaseOperation {
    const { messages, bytes } = user;
    this.#changeSaved(user, { messages, bytes });
    return { type: 'put', key: userKey(user.name), value: formatUser(user) };
  }

  /** What takes the record of a user away of whom nothing is kept. Sums are to follow. */
  erase(user: KeptUser): DatabaseOperation {
    this.#changeSaved(user, { messages: 0, bytes: 0 });
    return { type: 'del', key: userKey(user.name) };
  }

  sums(): DatabaseOperation {
    return { type: 'put', key: totalKey, value: formatTotal(this.#saved) };
  }

  #changeSaved(user: KeptUser, now: Usage): void {
    this.#saved = {
      messages: this.#saved.messages + now.messages - user.saved.messages,
      bytes: this.#saved.bytes + now.bytes - user.saved.bytes,
    };
    user.saved = now;
    this.clean(user);
  }

  async #read(): Promise<void> {
    this.#saved = parseTotal(await this.#database.read(totalKey));
    this.#messages = this.#saved.messages;
    this.#bytes = this.#saved.bytes;
    for await (const page of this.#database.scan(journalRange)) {
      for (const [key, record] of page) await this.#readJournal(journalOfKey(key), record);
    }
  }

  async #readJournal(number: number, record: Uint8Array): Promise<void> {
    const digests: Digest[] = [];
    for (const { name, entry } of parseJournal(record)) {
      digests.push(entry.digest);
      this.#seen.add(entry.digest, entry.time);
      await this.#readEntry(number, name, entry);
    }
    const journal = {
      number,
      time: performance.now(),
      digests: formatDigests(digests),
      bytes: record.length,
    };
    this.#journals.push(journal);
    this.#journalBytes += journal.bytes;
    this.#nextJournal = number + 1;
  }

  async #readEntry(journal: number, name: UserName, entry: JournalEntry): Promise<void> {
    const user = await this.users.load(name, entry.number);
    // else his record was written behind it
    if (entry.number >= user.next) {
      user.next = entry.number + 1;
      user.messages++;
      user.bytes += entry.bytes;
      this.#messages++;
      this.#bytes += entry.bytes;
      this.touch(user);
    }
    if (entry.data !== undefined && !isWithAll(user, entry.number)) {
      this.#heat(user, entry, entry.data, journal);
    }
  }

  #heat(user: KeptUser, entry: JournalEntry, data: Uint8Array, journal: number): void {
    const { number, senderTag, time } = entry;
    const message: HotMessage = { number, senderTag, time, data, journal, isMoving: false };
    user.hot.push(message);
    this.hot.add(user);
  }
}
