import { type JsonObject, parseJsonObject } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { type Awaitable, type ID, type IdentityContext, parseID, withoutTerminal } from '@dimp/mkm';
import { type DatabaseOperation, type OpenedDatabase, SyncedDatabase } from '@dimp/store/synced';
import { BlockLists } from './block-lists.js';
import { StorageError } from './errors.js';
import { UserNames } from './message-keys.js';
import type { KeptCommand, UserDirectory } from './user-directory.js';
import { UserIndex } from './user-index.js';
import { bannedKey, bannedRange, bannedText, keptKey } from './user-records.js';

/** What a user directory is told. */
export interface UserDirectoryOptions {
  /** How IDs are read. */
  readonly protocol: Pick<IdentityContext, 'addresses'>;
}

/**
 * Opens a user directory in any abstract-level database. Nothing is read but who is shut out.
 * @param opened an open database, `{ database }`, or what `openFolder` of `@dimp/store/folder` gives
 */
export async function openUserDirectory(
  opened: OpenedDatabase,
  { protocol }: UserDirectoryOptions,
): Promise<UserDirectory> {
  const database = new SyncedDatabase(opened);
  const banned = new Map<string, ID>();
  for await (const page of database.scan(bannedRange)) {
    for (const [key] of page) {
      const id = parseID(bannedText(key), protocol);
      banned.set(id.key, id);
    }
  }
  return new LevelUserDirectory(database, banned, await UserIndex.open(database, protocol));
}

/** One record for each command that a user left, and an index of IDs. What commands hold lies open. */
class LevelUserDirectory implements UserDirectory {
  readonly #database: SyncedDatabase;
  readonly #banned: Map<string, ID>;
  readonly #index: UserIndex;
  readonly #names = new UserNames();
  readonly #blockLists = new BlockLists(user => this.load(user, 'block'));

  constructor(database: SyncedDatabase, banned: Map<string, ID>, index: UserIndex) {
    this.#database = database;
    this.#banned = banned;
    this.#index = index;
  }

  get userCount(): number {
    return this.#index.count;
  }

  async load(user: ID, command: KeptCommand): Promise<JsonObject | undefined> {
    const value = await this.#database.read(keptKey(this.#names.of(user), command));
    return value && parseJsonObject(value, 'record');
  }

  async save(user: ID, command: KeptCommand, json: JsonObject): Promise<void> {
    const value = encodeUtf8(JSON.stringify(json));
    const key = keptKey(this.#names.of(user), command);
    await this.#write('a command of a user', { type: 'put', key, value });
    if (command === 'block') this.#blockLists.set(user, json);
  }

  isBlocked(by: ID, who: ID): Awaitable<boolean> {
    return this.#blockLists.isBlocked(by, who);
  }

  isBanned({ key }: ID): boolean {
    return this.#banned.has(key);
  }

  async setBanned(user: ID, banned: boolean): Promise<void> {
    const id = withoutTerminal(user);
    const key = bannedKey(id.key);
    await this.#write(
      'who is shut out',
      banned ? { type: 'put', key, value: new Uint8Array() } : { type: 'del', key },
    );
    if (banned) this.#banned.set(id.key, id);
    else this.#banned.delete(id.key);
  }

  bannedUsers(): readonly ID[] {
    return [...this.#banned.values()];
  }

  async add(user: ID): Promise<void> {
    try {
      await this.#index.add(user);
    } catch (cause) {
      throw new StorageError('a new user', { cause });
    }
  }

  search(words: readonly string[], limit: number): Promise<readonly ID[]> {
    return this.#index.search(words, limit);
  }

  newest(limit: number): Promise<readonly ID[]> {
    return this.#index.newest(limit);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #write(what: string, operation: DatabaseOperation): Promise<void> {
    try {
      await this.#database.write([operation]);
    } catch (cause) {
      throw new StorageError(what, { cause });
    }
  }
}
