import type { ID } from '@dimp/mkm';
import { type OpenedDatabase, SyncedDatabase } from '@dimp/store/synced';
import { AckedNumbers } from './acked-numbers.js';
import { mixDigest } from './digest.js';
import { FullError, QuotaError, type StationError } from './errors.js';
import { commonFloor, isWithAll, type KeptDevice, type KeptUser, mailbox } from './kept-user.js';
import { findLeftBehind, hasGone } from './left-behind.js';
import type { MessageBatch, NewMessage } from './message-batch.js';
import { messageKey, UserNames } from './message-keys.js';
import { messageBytes, parseMessage } from './message-records.js';
import { MessageState } from './message-state.js';
import type { Added, MessageStore, NewStored, PageLimit, Stored, Swept, Usage } from './message-store.js';
import { sweepMessages } from './message-sweep.js';
import { MessageWriter } from './message-writer.js';
import { defaultRetention, type RetentionOptions } from './options.js';

/** Devices of one user that are told apart. One more, and the one that was not seen for longest is forgotten. */
const devicesPerUser = 32;
/** Seconds after which it is worth a write that a device is still there. */
const seenStep = 3_600;
const secondsPerDay = 86_400;

/** What a message store is told. */
export interface MessageStoreOptions {
  readonly retention?: RetentionOptions;
  /** Seconds since 1970. */
  readonly clock?: () => number;
  /** Hears of each batch that was not saved. */
  readonly report?: (error: StationError) => void;
}

/**
 * Opens a message store in any abstract-level database. What is read is the journal, the totals and what tells repeats,
 * however much is kept.
 * @param opened an open database, `{ database }`, or what `openFolder` of `@dimp/store/folder` gives
 */
export async function openMessageStore(
  opened: OpenedDatabase,
  options: MessageStoreOptions = {},
): Promise<MessageStore> {
  const { clock = () => Date.now() / 1000 } = options;
  const database = new SyncedDatabase(opened);
  return new LevelMessageStore(database, await MessageState.open(database, clock), { ...options, clock });
}

/**
 * What comes in together is one record of a journal, and that is all that is written for a receiver who is here and
 * acknowledges at once. Messages that stay lie in the mailbox of their receiver, by number; a record for each user has
 * his counters and what his devices have. Packages are ciphertext and are not sealed once more; users are named by hashes.
 */
class LevelMessageStore implements MessageStore {
  readonly #database: SyncedDatabase;
  readonly #retention: RetentionOptions;
  readonly #clock: () => number;
  readonly #names = new UserNames();
  readonly #state: MessageState;
  readonly #writer: MessageWriter;

  constructor(
    database: SyncedDatabase,
    state: MessageState,
    options: MessageStoreOptions & Required<Pick<MessageStoreOptions, 'clock'>>,
  ) {
    const { retention = defaultRetention, clock, report = () => {} } = options;
    this.#database = database;
    this.#retention = retention;
    this.#clock = clock;
    this.#state = state;
    this.#writer = new MessageWriter(database, state, {
      retainedFrom: () => this.#retainedFrom(clock()),
      report,
    });
  }

  get total(): Usage {
    return this.#state.total;
  }

  add({ receiver, sender, data, digest: signed, time }: NewStored): Promise<Added> {
    const [name, from] = [this.#names.of(receiver), this.#names.of(sender)];
    const message = { senderTag: from.tag, time, digest: mixDigest(name, from, signed), data };
    const user = this.#writer.isReady ? this.#state.users.peek(name) : undefined;
    if (user !== undefined) {
      const isSeen = this.#state.seen.has(message.digest);
      if (isSeen === true) return this.#writer.saved({ kind: 'repeated' });
      if (isSeen === false) {
        const full = this.#fullFor(receiver, user, data);
        if (full === undefined) return this.#writer.saved(keep(this.#writer.batch, user, message));
        if (!hasGone(user, this.#clock())) return Promise.reject(full);
      }
    }
    return this.#writer.run(async batch => {
      if (await this.#state.seen.find(message.digest)) return { kind: 'repeated' };
      const user = await batch.user(name);
      if (this.#fullFor(receiver, user, data) instanceof QuotaError) await this.#makeRoom(batch, user, data);
      const full = this.#fullFor(receiver, user, data);
      if (full !== undefined) throw full;
      return keep(batch, user, message);
    });
  }

  openDevice(id: ID, device: string): Promise<void> {
    const name = this.#names.of(id);
    return this.#writer.run(async batch => {
      const user = await batch.user(name);
      if (this.#see(user, device).isNews) batch.touch(user);
    });
  }

  async *pending(
    id: ID,
    device: string,
  ): AsyncGenerator<readonly { readonly number: number; readonly senderTag: string }[]> {
    const { user, acked } = await this.#look(id, device);
    if (user === undefined || user.messages === 0) return;
    const hot = [...user.hot];
    for await (const page of this.#database.scan(mailbox(user, acked.floor + 1, hot[0]?.number))) {
      yield page.flatMap(([key, value]) => {
        const { number, senderTag } = parseMessage(key, value);
        return acked.has(number) ? [] : [{ number, senderTag }];
      });
    }
    yield hot.flatMap(({ number, senderTag }) => (acked.has(number) ? [] : [{ number, senderTag }]));
  }

  async page(id: ID, device: string, after: number, limit: PageLimit): Promise<readonly Stored[]> {
    const { user, acked } = await this.#look(id, device);
    if (user === undefined || user.messages === 0) return [];
    const found: Stored[] = [];
    let bytes = 0;
    const take = (stored: Stored): boolean => {
      if (acked.has(stored.number)) return true;
      bytes += stored.data.length;
      if (found.length > 0 && bytes > limit.bytes) return false;
      found.push(stored);
      return found.length < limit.count;
    };
    const from = Math.max(after, acked.floor) + 1;
    const hot = user.hot.filter(({ number }) => number >= from);
    for await (const page of this.#database.scan(mailbox(user, from, user.hot[0]?.number))) {
      for (const [key, value] of page) if (!take(parseMessage(key, value))) return found;
    }
    for (const message of hot) if (!take(message)) return found;
    return found;
  }

  acknowledge(id: ID, device: string, numbers: readonly number[]): void {
    const name = this.#names.of(id);
    const user = this.#state.users.peek(name);
    let rest = numbers;
    if (user !== undefined && !this.#writer.isStale) {
      // what it says holds from now on, whatever is under way
      rest = this.#note(user, device, numbers).filter(number => !this.#cool(user, number));
      this.#writer.changed();
      if (rest.length === 0) return;
    }
    this.#writer.runLater(async batch => {
      const user = await batch.user(name);
      this.#note(user, device, numbers);
      batch.touch(user);
      for (const number of rest) {
        if (isWithAll(user, number) && !this.#cool(user, number)) await batch.remove(user, number);
      }
    });
  }

  async usage(id: ID): Promise<Usage> {
    const name = this.#names.of(id);
    await this.#writer.ready();
    const { users } = this.#state;
    const { messages = 0, bytes = 0 } = users.peek(name) ?? (await users.read(name)) ?? {};
    return { messages, bytes };
  }

  async sweep(now: number): Promise<Swept> {
    // what is in the journal is in no place where it could be found to be old
    await this.#writer.settle();
    return sweepMessages({
      database: this.#database,
      state: this.#state,
      writer: this.#writer,
      before: this.#retainedFrom(now),
    });
  }

  async idle(): Promise<void> {
    await this.#writer.idle();
    await this.#database.idle();
  }

  async close(): Promise<void> {
    await this.idle();
    await this.#database.close();
  }

  #retainedFrom(now: number): number {
    return now - this.#retention.days * secondsPerDay;
  }

  #fullFor(receiver: ID, user: KeptUser, { length }: Uint8Array): StationError | undefined {
    const { messagesPerUser, bytesPerUser, totalBytes } = this.#retention;
    if (this.#state.total.bytes + length > totalBytes) return new FullError();
    const isFull = user.messages >= messagesPerUser || user.bytes + length > bytesPerUser;
    return isFull ? new QuotaError(receiver.text) : undefined;
  }

  /** Has devices that are gone do without what others have, if that is enough; changes nothing if it is not. */
  async #makeRoom(batch: MessageBatch, user: KeptUser, { length }: Uint8Array): Promise<void> {
    const { messagesPerUser, bytesPerUser } = this.#retention;
    const now = this.#clock();
    if (length > bytesPerUser || !hasGone(user, now)) return;
    const room = { messages: user.messages + 1 - messagesPerUser, bytes: user.bytes + length - bytesPerUser };
    const numbers = await findLeftBehind(user, room, now, number => this.#sizeOf(user, number));
    if (numbers === undefined) return;
    for (const { acked } of user.devices.values()) for (const number of numbers) acked.add(number);
    user.first = Math.max(user.first, 1 + commonFloor(user));
    batch.touch(user);
    for (const number of numbers) if (!this.#cool(user, number)) await batch.remove(user, number);
  }

  async #sizeOf(user: KeptUser, number: number): Promise<number | undefined> {
    const hot = user.hot.find(message => message.number === number);
    if (hot !== undefined) return hot.data.length;
    const record = await this.#database.read(messageKey(user.name, number));
    return record && messageBytes(record);
  }

  /** Notes what a device has, and gives those of the messages that every device has now. */
  #note(user: KeptUser, device: string, numbers: readonly number[]): readonly number[] {
    const { acked } = this.#see(user, device).known;
    // what never was given cannot be acknowledged
    for (const number of numbers) if (number < user.next) acked.add(number);
    this.#state.touch(user);
    const gone = numbers.filter(number => isWithAll(user, number));
    user.first = Math.max(user.first, 1 + commonFloor(user));
    if (gone.length > 0) user.isPrompt = true;
    return gone;
  }

  /** Lets go of a message that everybody has and that is in the journal; false when it is not there. */
  #cool(user: KeptUser, number: number): boolean {
    const index = user.hot.findIndex(message => message.number === number);
    const [message] = index < 0 ? [] : user.hot.splice(index, 1);
    if (message === undefined) return false;
    // it will be in the mailbox before this batch is written
    if (message.isMoving) this.#writer.batch.take(user, number, message.data.length);
    else this.#state.drop(user, message);
    return true;
  }

  /** A user and what a device of his has, to be read only. */
  async #look(
    id: ID,
    device: string,
  ): Promise<{ readonly user: KeptUser | undefined; readonly acked: AckedNumbers }> {
    const name = this.#names.of(id);
    await this.#writer.ready();
    const user = this.#state.users.peek(name) ?? (await this.#state.users.read(name));
    return { user, acked: user?.devices.get(device)?.acked ?? new AckedNumbers(0) };
  }

  /** A device that is here now. It has everything that is kept before it, when it is new. */
  #see(user: KeptUser, device: string): { readonly known: KeptDevice; readonly isNews: boolean } {
    const now = this.#clock();
    const known = user.devices.get(device);
    if (known !== undefined) {
      const isNews = now - known.lastSeen >= seenStep;
      if (isNews) known.lastSeen = now;
      return { known, isNews };
    }
    if (user.devices.size >= devicesPerUser) user.devices.delete(longestGone(user));
    const added = { acked: new AckedNumbers(user.first - 1), lastSeen: now };
    user.devices.set(device, added);
    return { known: added, isNews: true };
  }
}

function keep(batch: MessageBatch, user: KeptUser, message: NewMessage): Added {
  return { kind: 'stored', number: batch.add(user, message), senderTag: message.senderTag };
}

function longestGone({ devices }: KeptUser): string {
  const [first] = [...devices].sort(([, a], [, b]) => a.lastSeen - b.lastSeen);
  return first?.[0] ?? '';
}
