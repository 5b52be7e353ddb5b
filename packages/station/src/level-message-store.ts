import type { ID } from '@dimp/mkm';
import { type OpenedDatabase, SyncedDatabase } from '@dimp/store/synced';
import { AckedNumbers } from './acked-numbers.js';
import { QuotaError, type StationError } from './errors.js';
import { KeptUsers } from './kept-users.js';
import { seenKey, tagOf, type UserName, UserNames, withEpoch } from './message-keys.js';
import {
  formatMessage,
  type KeptDevice,
  type KeptUser,
  messageTag,
  parseMessage,
} from './message-records.js';
import type { Added, MessageStore, NewStored, PageLimit, Stored, Swept, Usage } from './message-store.js';
import { isWithAll, mailbox, sweepMessages } from './message-sweep.js';
import { MessageWriter, readTotal } from './message-writer.js';
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
 * Opens a message store in any abstract-level database. Nothing is read but the totals, however much is kept.
 * @param opened an open database, `{ database }`, or what `openFolder` of `@dimp/store/folder` gives
 */
export async function openMessageStore(
  opened: OpenedDatabase,
  options: MessageStoreOptions = {},
): Promise<MessageStore> {
  const database = new SyncedDatabase(opened);
  return new LevelMessageStore(database, await readTotal(database), options);
}

/**
 * Messages by receiver and number, and one record for each user with his counters and what his devices have.
 * Packages are ciphertext and are not sealed once more; users are named by hashes.
 */
class LevelMessageStore implements MessageStore {
  readonly #database: SyncedDatabase;
  readonly #retention: RetentionOptions;
  readonly #clock: () => number;
  readonly #names = new UserNames();
  readonly #users: KeptUsers;
  readonly #writer: MessageWriter;

  constructor(database: SyncedDatabase, total: Usage, options: MessageStoreOptions) {
    const { retention = defaultRetention, clock = () => Date.now() / 1000, report = () => {} } = options;
    this.#database = database;
    this.#retention = retention;
    this.#clock = clock;
    this.#users = new KeptUsers(database, clock);
    this.#writer = new MessageWriter(database, this.#users, total, report);
  }

  get total(): Usage {
    return this.#writer.total;
  }

  add(message: NewStored): Promise<Added> {
    const { receiver, time, data, digest } = message;
    const name = this.#names.of(receiver);
    const sender = this.#names.of(message.sender);
    const epoch = this.#epoch(time);
    // hashed and copied now, while the batch before is with the disk
    const key = seenKey(epoch, name, sender, digest);
    const value = formatMessage(time, tagOf(sender), data);
    return this.#writer.run(async batch => {
      if (await batch.isSeen([key, withEpoch(key, epoch - 1)])) return { kind: 'repeated' };
      const user = await batch.user(name);
      const { messagesPerUser, bytesPerUser } = this.#retention;
      if (user.messages >= messagesPerUser || user.bytes + data.length > bytesPerUser) {
        throw new QuotaError(receiver.text);
      }
      batch.see(key);
      return { kind: 'stored', number: batch.add(name, user, value), senderTag: messageTag(value) };
    });
  }

  openDevice(id: ID, device: string): Promise<void> {
    const name = this.#names.of(id);
    return this.#writer.run(async batch => {
      const user = await batch.user(name);
      if (this.#see(user, device).isNews) batch.touch(name, user);
    });
  }

  async *pending(
    id: ID,
    device: string,
  ): AsyncGenerator<readonly { readonly number: number; readonly senderTag: string }[]> {
    const { name, user, acked } = await this.#look(id, device);
    if (user === undefined || user.messages === 0) return;
    for await (const page of this.#database.scan(mailbox(name, user, acked.floor + 1))) {
      yield page.flatMap(([key, value]) => {
        const { number, senderTag } = parseMessage(key, value);
        return acked.has(number) ? [] : [{ number, senderTag }];
      });
    }
  }

  async page(id: ID, device: string, after: number, limit: PageLimit): Promise<readonly Stored[]> {
    const { name, user, acked } = await this.#look(id, device);
    if (user === undefined || user.messages === 0) return [];
    const found: Stored[] = [];
    let bytes = 0;
    for await (const page of this.#database.scan(mailbox(name, user, Math.max(after, acked.floor) + 1))) {
      for (const [key, value] of page) {
        const stored = parseMessage(key, value);
        if (acked.has(stored.number)) continue;
        bytes += stored.data.length;
        if (found.length > 0 && bytes > limit.bytes) return found;
        found.push(stored);
        if (found.length >= limit.count) return found;
      }
    }
    return found;
  }

  acknowledge(id: ID, device: string, numbers: readonly number[]): void {
    const name = this.#names.of(id);
    this.#writer.runLater(async batch => {
      const user = await batch.user(name);
      const { acked } = this.#see(user, device).known;
      // what never was given cannot be acknowledged
      for (const number of numbers) if (number < user.next) acked.add(number);
      batch.touch(name, user);
      for (const number of numbers) {
        if (isWithAll(user, number)) await batch.remove(name, user, number);
      }
      user.first = Math.max(user.first, 1 + Math.min(...floors(user)));
    });
  }

  async usage(id: ID): Promise<Usage> {
    const name = this.#names.of(id);
    const { messages = 0, bytes = 0 } = this.#users.peek(name) ?? (await this.#users.read(name)) ?? {};
    return { messages, bytes };
  }

  sweep(now: number): Promise<Swept> {
    return sweepMessages({
      database: this.#database,
      writer: this.#writer,
      before: now - this.#retention.days * secondsPerDay,
      epoch: this.#epoch(now) - 1,
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

  /** Notes of what came before are kept for the epoch in which it came and the next, so for a retention at least. */
  #epoch(time: number): number {
    return Math.max(1, Math.floor(time / (this.#retention.days * secondsPerDay)));
  }

  /** A user and what a device of his has, to be read only. */
  async #look(
    id: ID,
    device: string,
  ): Promise<{
    readonly name: UserName;
    readonly user: KeptUser | undefined;
    readonly acked: AckedNumbers;
  }> {
    const name = this.#names.of(id);
    const user = this.#users.peek(name) ?? (await this.#users.read(name));
    return { name, user, acked: user?.devices.get(device)?.acked ?? new AckedNumbers(0) };
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

function floors({ devices }: KeptUser): number[] {
  return Array.from(devices.values(), ({ acked }) => acked.floor);
}

function longestGone({ devices }: KeptUser): string {
  const [first] = [...devices].sort(([, a], [, b]) => a.lastSeen - b.lastSeen);
  return first?.[0] ?? '';
}
