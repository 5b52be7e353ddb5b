import type { DatabaseOperation, SyncedDatabase } from '@dimp/store/synced';
import type { KeptUsers } from './kept-users.js';
import { messageKey, textOfKey, totalKey, type UserName, userKey } from './message-keys.js';
import { formatTotal, formatUser, type KeptUser, messageBytes } from './message-records.js';
import type { Usage } from './message-store.js';

/** Changes that go to disk together. */
export class MessageBatch {
  readonly #database: SyncedDatabase;
  readonly #users: KeptUsers;
  readonly #writing: () => MessageBatch | undefined;
  readonly #operations: DatabaseOperation[] = [];
  readonly #touched = new Map<string, { readonly name: UserName; readonly user: KeptUser }>();
  readonly #forgotten = new Map<string, UserName>();
  /** What disk does not show yet. */
  readonly #seen = new Set<string>();
  readonly #removed = new Set<string>();
  #messages = 0;
  #bytes = 0;
  #size = 0;

  /** @param writing the batch before, while it is being written */
  constructor(database: SyncedDatabase, users: KeptUsers, writing: () => MessageBatch | undefined) {
    this.#database = database;
    this.#users = users;
    this.#writing = writing;
  }

  /** Bytes that go to disk, about. */
  get size(): number {
    return this.#size;
  }

  async user(name: UserName): Promise<KeptUser> {
    const user = await this.#users.load(name);
    // he is changed again, as it seems
    if (this.#forgotten.delete(name.text)) this.touch(name, user);
    return user;
  }

  /** Something of a user was changed. */
  touch(name: UserName, user: KeptUser): void {
    this.#touched.set(name.text, { name, user });
  }

  /** Nothing is kept of a user any more. */
  forget(name: UserName): void {
    this.#touched.delete(name.text);
    this.#forgotten.set(name.text, name);
  }

  /** Whether one of these notes was made, here, in the batch before, or long ago. */
  async isSeen(keys: readonly Uint8Array[]): Promise<boolean> {
    for (const key of keys) {
      const text = textOfKey(key);
      if (this.#seen.has(text) || this.#writing()?.hasSeen(text) === true) return true;
      if ((await this.#database.read(key)) !== undefined) return true;
    }
    return false;
  }

  /** Makes the note that a message came. */
  see(key: Uint8Array): void {
    this.#seen.add(textOfKey(key));
    this.#put(key, noBytes);
  }

  /** Keeps a message under the user's next number. */
  add(name: UserName, user: KeptUser, value: Uint8Array): number {
    const number = user.next++;
    this.#count(user, 1, messageBytes(value));
    this.#put(messageKey(name, number), value);
    this.touch(name, user);
    return number;
  }

  /** Removes a message if it is there. @param known its record, where it was read already */
  async remove(name: UserName, user: KeptUser, number: number, known?: Uint8Array): Promise<void> {
    const key = messageKey(name, number);
    const text = textOfKey(key);
    // until this is written it is on disk still
    if (this.#removed.has(text) || this.#writing()?.hasRemoved(text) === true) return;
    const value = known ?? (await this.#database.read(key));
    if (value === undefined) return;
    this.#removed.add(text);
    this.#count(user, -1, -messageBytes(value));
    this.delete(key);
    this.touch(name, user);
  }

  delete(key: Uint8Array): void {
    this.#operations.push({ type: 'del', key });
    this.#size += key.length;
  }

  /** Whether a note with this key is made here. */
  hasSeen(text: string): boolean {
    return this.#seen.has(text);
  }

  /** Whether the message with this key is removed here. */
  hasRemoved(text: string): boolean {
    return this.#removed.has(text);
  }

  /** What is to be written, and what is kept in all then. */
  finish(before: Usage): { readonly operations: readonly DatabaseOperation[]; readonly total: Usage } {
    for (const { name, user } of this.#touched.values()) this.#put(userKey(name), formatUser(user));
    for (const name of this.#forgotten.values()) this.delete(userKey(name));
    const total = { messages: before.messages + this.#messages, bytes: before.bytes + this.#bytes };
    if (this.#messages !== 0 || this.#bytes !== 0) this.#put(totalKey, formatTotal(total));
    return { operations: this.#operations, total };
  }

  #count(user: KeptUser, messages: number, bytes: number): void {
    user.messages += messages;
    user.bytes += bytes;
    this.#messages += messages;
    this.#bytes += bytes;
  }

  #put(key: Uint8Array, value: Uint8Array): void {
    this.#operations.push({ type: 'put', key, value });
    this.#size += key.length + value.length;
  }
}

const noBytes = new Uint8Array(0);
