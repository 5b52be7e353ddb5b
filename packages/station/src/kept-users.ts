import type { Awaitable } from '@dimp/mkm';
import type { SyncedDatabase } from '@dimp/store/synced';
import { type UserName, userKey } from './message-keys.js';
import { type KeptUser, parseUser } from './message-records.js';

/** Users that are remembered: those who are here, and those whose messages come in. More than many batches hold. */
const cacheSize = 20_000;

/**
 * What is kept for users, at a glance: as it will be on disk when all that was begun is written.
 * Only the writer loads into it, one job after the other, so there is one object for a user.
 */
export class KeptUsers {
  readonly #database: SyncedDatabase;
  readonly #clock: () => number;
  /** By the text of their names, those used last at the end. */
  readonly #users = new Map<string, KeptUser>();

  constructor(database: SyncedDatabase, clock: () => number) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Who is remembered. */
  peek(name: UserName): KeptUser | undefined {
    return this.#users.get(name.text);
  }

  /** What is on disk. */
  async read(name: UserName): Promise<KeptUser | undefined> {
    const value = await this.#database.read(userKey(name));
    return value && parseUser(value);
  }

  /** The user to be changed: remembered, on disk, or new. */
  load(name: UserName): Awaitable<KeptUser> {
    const known = this.#users.get(name.text);
    if (known === undefined) return this.#loadFromDisk(name);
    this.#users.delete(name.text);
    this.#users.set(name.text, known);
    return known;
  }

  /** What is remembered is not what is on disk. */
  clear(): void {
    this.#users.clear();
  }

  async #loadFromDisk(name: UserName): Promise<KeptUser> {
    const user = (await this.read(name)) ?? newUser(this.#clock());
    this.#users.set(name.text, user);
    // those of the last batches are not on disk yet, so there must be room for many of these
    const [oldest] = this.#users.keys();
    if (this.#users.size > cacheSize && oldest !== undefined) this.#users.delete(oldest);
    return user;
  }
}

/**
 * Numbers begin with the time, so that they go on upwards for somebody who was forgotten and comes again: a
 * connection may still remember how far it was.
 */
function newUser(now: number): KeptUser {
  const next = Math.floor(now) * 1024 + 1;
  return { messages: 0, bytes: 0, next, first: next, devices: new Map() };
}
