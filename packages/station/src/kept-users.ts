import type { Awaitable } from '@dimp/mkm';
import type { SyncedDatabase } from '@dimp/store/synced';
import { type KeptUser, newUser } from './kept-user.js';
import { type UserName, userKey } from './message-keys.js';
import { parseUser } from './message-records.js';

/** Users that are remembered: those who are here, and those whose messages come in. More than many batches hold. */
const cacheSize = 20_000;
/** Users that are looked at to find one who can be forgotten. */
const tries = 16;

/**
 * What is kept for users, at a glance: as it will be on disk when all that was begun is written.
 * There is one object for a user.
 */
export class KeptUsers {
  readonly #database: SyncedDatabase;
  readonly #clock: () => number;
  /** By the text of their names. */
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
    return value && parseUser(name, value);
  }

  /**
   * The user to be changed: remembered, on disk, or new. Not to be called again before it has resolved.
   *
   * Numbers begin with the time, so that they go on upwards for somebody who was forgotten and comes again: a
   * connection may still remember how far it was.
   * @param next the first number of a new one
   */
  load(name: UserName, next?: number): Awaitable<KeptUser> {
    return this.#users.get(name.text) ?? this.#loadFromDisk(name, next);
  }

  /** What is remembered is not what is on disk. */
  clear(): void {
    this.#users.clear();
  }

  async #loadFromDisk(
    name: UserName,
    next: number = Math.floor(this.#clock()) * 1024 + 1,
  ): Promise<KeptUser> {
    const user = (await this.read(name)) ?? newUser(name, next);
    this.#users.set(name.text, user);
    if (this.#users.size > cacheSize) this.#forgetOne();
    return user;
  }

  /** Forgets somebody of whom everything is on disk; whoever is looked at and must stay is looked at last again. */
  #forgetOne(): void {
    let left = tries;
    for (const [text, user] of this.#users) {
      this.#users.delete(text);
      if (!user.isDirty && user.hot.length === 0 && user.flying === 0) return;
      this.#users.set(text, user);
      if (--left === 0) return;
    }
  }
}
