import type { PrivateKey, Verified } from '@dimp/crypto';
import {
  type Awaitable,
  createGroup,
  createUser,
  type Group,
  type GroupDataSource,
  type ID,
  isBroadcastID,
  type Meta,
  type Profile,
  type User,
  type UserDataSource,
  withoutTerminal,
} from '@dimp/mkm';
import type { Protocol } from './protocol.js';
import { SingleFlight } from './single-flight.js';

/** A port: where a barrack gets what it does not have in memory, and where it puts what was checked. */
export interface BarrackSource extends UserDataSource, GroupDataSource {
  saveMeta(id: ID, meta: Verified<Meta>): Awaitable<void>;
  saveProfile(id: ID, profile: Verified<Profile>): Awaitable<void>;
}

/** How a barrack is made. */
export interface BarrackOptions {
  readonly protocol: Protocol;
  readonly source: BarrackSource;
  /** How many metas, profiles and entities each are kept in memory. */
  readonly capacity?: number;
}

/**
 * The entities an application knows, with what is known of them in memory.
 *
 * Metas and profiles go in and come out checked only. They are saved through here, so that memory and source
 * agree; who changes the source otherwise calls `forget`.
 */
export class Barrack implements BarrackSource {
  readonly protocol: Protocol;
  readonly #source: BarrackSource;
  readonly #metas: SingleFlight<Verified<Meta>>;
  /** Null for a user without: most have none, and are asked for it with every message. */
  readonly #profiles: SingleFlight<Verified<Profile> | null>;
  readonly #users: SingleFlight<User>;
  readonly #groups: SingleFlight<Group>;

  constructor(options: BarrackOptions) {
    const { capacity = 10_000 } = options;
    this.protocol = options.protocol;
    this.#source = options.source;
    this.#metas = new SingleFlight(capacity);
    this.#profiles = new SingleFlight(capacity);
    this.#users = new SingleFlight(capacity);
    this.#groups = new SingleFlight(capacity);
  }

  /**
   * The user of an ID; undefined when its meta is not here. Users of broadcast IDs need none.
   * @throws {UnsupportedError} when the ID names no user
   */
  async user(id: ID): Promise<User | undefined> {
    return this.#users.get(id.key, async () => {
      const user = createUser(withoutTerminal(id), this, this.protocol);
      return isBroadcastID(id) || (await this.loadMeta(id)) ? user : undefined;
    });
  }

  /**
   * The group of an ID; undefined when its meta is not here.
   * @throws {UnsupportedError} when the ID names no group that can be made
   */
  async group(id: ID): Promise<Group | undefined> {
    return this.#groups.get(id.key, async () => {
      const group = createGroup(withoutTerminal(id), this, this.protocol);
      return isBroadcastID(id) || (await this.loadMeta(id)) ? group : undefined;
    });
  }

  loadMeta(id: ID): Awaitable<Verified<Meta> | undefined> {
    if (isBroadcastID(id)) return undefined;
    return (
      this.#metas.peek(id.key) ?? this.#metas.get(id.key, () => this.#source.loadMeta(withoutTerminal(id)))
    );
  }

  loadProfile(id: ID): Awaitable<Verified<Profile> | undefined> {
    if (isBroadcastID(id)) return undefined;
    const known = this.#profiles.peek(id.key);
    return known === undefined ? this.#loadProfile(id) : (known ?? undefined);
  }

  async saveMeta(id: ID, meta: Verified<Meta>): Promise<void> {
    await this.#source.saveMeta(id, meta);
    this.#metas.set(id.key, meta);
  }

  async saveProfile(id: ID, profile: Verified<Profile>): Promise<void> {
    await this.#source.saveProfile(id, profile);
    this.#profiles.set(id.key, profile);
  }

  loadSignKey(user: ID): Awaitable<PrivateKey | undefined> {
    return this.#source.loadSignKey(user);
  }

  loadDecryptKeys(user: ID): Awaitable<readonly PrivateKey[]> {
    return this.#source.loadDecryptKeys(user);
  }

  loadMembers(group: ID): Awaitable<readonly ID[] | undefined> {
    return this.#source.loadMembers(group);
  }

  loadAssistants(group: ID): Awaitable<readonly ID[]> {
    return this.#source.loadAssistants(group);
  }

  /** Forgets what is in memory of an ID; the source is asked again. */
  forget(id: ID): void {
    for (const cache of this.#caches()) cache.delete(id.key);
  }

  /** When memory runs short: drops every second thing of each kind and tells how many are left. */
  reduceMemory(): number {
    return this.#caches().reduce((left, cache) => left + cache.reduce(), 0);
  }

  async #loadProfile(id: ID): Promise<Verified<Profile> | undefined> {
    const load = async (): Promise<Verified<Profile> | null> =>
      (await this.#source.loadProfile(withoutTerminal(id))) ?? null;
    return (await this.#profiles.get(id.key, load)) ?? undefined;
  }

  #caches(): readonly SingleFlight<unknown>[] {
    return [this.#metas, this.#profiles, this.#users, this.#groups];
  }
}
