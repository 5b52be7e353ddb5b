import { Barrack, type BarrackSource, type Protocol } from '@dimp/core';
import { type PrivateKey, UsageError, type Verified } from '@dimp/crypto';
import {
  type Address,
  type Awaitable,
  createID,
  createMetaID,
  equalID,
  type Group,
  groupProfileKeys,
  type ID,
  isBroadcastID,
  isGroupID,
  type Meta,
  type Profile,
  parseID,
  type User,
  verifyMeta,
  verifyProfile,
} from '@dimp/mkm';
import type { Archive, UserKeys } from './archive.js';
import { defaultProtocol } from './defaults.js';
import { Emitter } from './emitter.js';
import { MemoryArchive } from './memory-archive.js';
import { Serial } from './serial.js';

/** How a Facebook is made. */
export interface FacebookOptions {
  readonly protocol?: Protocol;
  /** Where everything is kept; in memory when absent. */
  readonly archive?: Archive;
  /** Seconds since 1970. */
  readonly clock?: () => number;
  /** Seconds for which a private key still decrypts after its profile key was replaced; a year when absent. */
  readonly keepRetiredKeys?: number;
}

/** What changed in what is known of others. */
export interface FacebookEvents {
  /** A meta that was not here came. */
  readonly meta: { readonly id: ID };
  readonly profile: { readonly id: ID; readonly profile: Verified<Profile> };
  readonly members: {
    readonly group: ID;
    readonly members: readonly ID[];
    readonly added: readonly ID[];
    readonly removed: readonly ID[];
  };
}

const year = 365 * 86_400;

/**
 * Who is who: the users and groups that are known, what is known of them, and the users who act here.
 *
 * Metas and profiles are checked here before they are kept.
 */
export class Facebook {
  readonly protocol: Protocol;
  readonly archive: Archive;
  readonly barrack: Barrack;
  readonly clock: () => number;
  /** What it was made with. */
  readonly options: FacebookOptions;
  readonly #keepRetiredKeys: number;
  readonly #events = new Emitter<FacebookEvents>();
  /** Lists are read, changed and written; two changes at once would lose one. */
  readonly #changes = new Serial();

  constructor(options: FacebookOptions = {}) {
    this.options = options;
    this.protocol = options.protocol ?? defaultProtocol();
    this.archive = options.archive ?? new MemoryArchive();
    this.clock = options.clock ?? (() => Math.floor(Date.now() / 1000));
    this.#keepRetiredKeys = options.keepRetiredKeys ?? year;
    this.barrack = new Barrack({ protocol: this.protocol, source: this.#source() });
  }

  /** Calls the listener whenever this happens, until the function that comes back is called. */
  on<Name extends keyof FacebookEvents>(
    name: Name,
    listener: (event: FacebookEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /** Tells listeners of what changed beside this object, as with a unit of a store. */
  tell<Name extends keyof FacebookEvents>(name: Name, event: FacebookEvents[Name]): void {
    this.#events.emit(name, event);
  }

  /** Reads an ID, in the forms of address that the protocol knows. @throws {ParseError} */
  parseID(text: string): ID {
    return parseID(text, this.protocol);
  }

  /** Undefined when the meta is not here. @throws {UnsupportedError} when the ID names no user */
  user(id: ID): Promise<User | undefined> {
    return this.barrack.user(id);
  }

  /** Undefined when the meta is not here. @throws {UnsupportedError} when the ID names no group */
  group(id: ID): Promise<Group | undefined> {
    return this.barrack.group(id);
  }

  /** The ID of an address alone, with the name that its meta on file gives; undefined without meta. */
  async completeID(address: Address): Promise<ID | undefined> {
    const [id] = await this.archive.findIDs(address);
    return id && createID({ name: id.name === '' ? undefined : id.name, address });
  }

  async loadMeta(id: ID): Promise<Verified<Meta> | undefined> {
    return this.barrack.loadMeta(id);
  }

  /** Keeps a meta if it is valid and belongs to the ID; tells whether it does. */
  async saveMeta(meta: Meta, id: ID): Promise<boolean> {
    const verified = await verifyMeta(meta, id, this.protocol);
    if (verified === undefined) return false;
    await this.barrack.saveMeta(id, verified);
    return true;
  }

  async loadProfile(id: ID): Promise<Verified<Profile> | undefined> {
    return this.barrack.loadProfile(id);
  }

  /**
   * The profile as a checked one, if it is the one of this ID and was signed by who may: the user, or for a
   * group any known member, else its owner or founder. Undefined also when a meta that this takes is not here.
   */
  async verifyProfile(profile: Profile, id: ID): Promise<Verified<Profile> | undefined> {
    if (isBroadcastID(id)) return undefined;
    if (isGroupID(id)) {
      const group = await this.group(id);
      return group && verifyProfile(profile, id, await groupProfileKeys(group, this.barrack));
    }
    const meta = await this.barrack.loadMeta(id);
    return meta && verifyProfile(profile, id, [meta.key]);
  }

  /** Keeps a profile if it passes `verifyProfile`; tells whether it does. */
  async saveProfile(profile: Profile, id: ID = profile.id): Promise<boolean> {
    const verified = await this.verifyProfile(profile, id);
    if (verified === undefined) return false;
    await this.barrack.saveProfile(id, verified);
    this.#events.emit('profile', { id, profile: verified });
    return true;
  }

  // users who act here

  /** The users who act here; the first is the current one. */
  async localUsers(): Promise<readonly User[]> {
    const users: User[] = [];
    for (const id of await this.archive.loadLocalUsers()) {
      const user = await this.user(id);
      if (user !== undefined) users.push(user);
    }
    return users;
  }

  /** Who acts when nobody is named. @throws {UsageError} when there is no local user */
  async currentUser(): Promise<User> {
    const [user] = await this.localUsers();
    if (user !== undefined) return user;
    throw new UsageError('There is no local user; make one with registerUser() or addLocalUser().');
  }

  /** Makes a local user the current one. @throws {UsageError} when he is none */
  async setCurrentUser(id: ID): Promise<void> {
    await this.#changes.run(async () => {
      const users = await this.archive.loadLocalUsers();
      if (!users.some(user => equalID(user, id))) throw new UsageError(`${id.text} is no local user.`);
      await this.archive.saveLocalUsers([id, ...users.filter(user => !equalID(user, id))]);
    });
  }

  /**
   * Keeps a user with private keys, who then acts here.
   * @throws {UsageError} when the meta does not belong to the ID, or the private key not to the meta
   * @throws {UnsupportedError} when the ID names no user
   */
  async addLocalUser(id: ID, meta: Meta, keys: UserKeys): Promise<User> {
    if (!(await this.saveMeta(meta, id))) throw new UsageError(`The meta does not belong to ${id.text}.`);
    const user = (await this.user(id)) as User;
    const challenge = new Uint8Array(32);
    if (!(await meta.key.verify(challenge, await keys.metaKey.sign(challenge)))) {
      throw new UsageError(`The private key does not belong to the meta of ${id.text}.`);
    }
    await this.archive.saveUserKeys(id, keys);
    await this.#changes.run(async () => {
      const users = await this.archive.loadLocalUsers();
      if (!users.some(known => equalID(known, id))) await this.archive.saveLocalUsers([...users, id]);
    });
    return user;
  }

  /** The private keys of a local user, without those whose time has run out. */
  async loadUserKeys(user: ID): Promise<UserKeys | undefined> {
    const keys = await this.archive.loadUserKeys(user);
    if (keys === undefined) return undefined;
    const oldest = this.clock() - this.#keepRetiredKeys;
    return { ...keys, profileKeys: keys.profileKeys.filter(({ retired }) => (retired ?? oldest) >= oldest) };
  }

  /**
   * Makes another key the one of a user's profile: from now on others encrypt with it. What was encrypted
   * with the old ones stays readable for a while. The profile that names it is to be signed by the caller.
   */
  async addProfileKey(user: ID, key: PrivateKey): Promise<void> {
    await this.#changes.run(async () => {
      const keys = await this.loadUserKeys(user);
      if (keys === undefined) throw new UsageError(`${user.text} is no local user.`);
      const retired = keys.profileKeys.map(old => ({ key: old.key, retired: old.retired ?? this.clock() }));
      await this.archive.saveUserKeys(user, { ...keys, profileKeys: [{ key }, ...retired] });
    });
  }

  /**
   * The local user a message to this receiver is for: the one with that ID, the first who is a member of that
   * group, or for a broadcast the current one. Undefined when there is none.
   */
  async selectLocalUser(receiver: ID): Promise<User | undefined> {
    const users = await this.localUsers();
    if (isBroadcastID(receiver)) return users[0];
    if (!isGroupID(receiver)) return users.find(user => equalID(user.id, receiver));
    const group = await this.group(receiver);
    for (const user of users) {
      if (await group?.isMember(user.id)) return user;
    }
    return undefined;
  }

  // contacts and groups

  async loadContacts(user: ID): Promise<readonly ID[]> {
    return this.archive.loadContacts(user);
  }

  async addContact(user: ID, contact: ID): Promise<void> {
    await this.#changes.run(async () => {
      const contacts = await this.archive.loadContacts(user);
      if (contacts.some(known => equalID(known, contact))) return;
      await this.archive.saveContacts(user, [...contacts, contact]);
    });
  }

  async removeContact(user: ID, contact: ID): Promise<void> {
    await this.#changes.run(async () => {
      const contacts = await this.archive.loadContacts(user);
      await this.archive.saveContacts(
        user,
        contacts.filter(known => !equalID(known, contact)),
      );
    });
  }

  /** Undefined when no members are known. */
  async loadMembers(group: ID): Promise<readonly ID[] | undefined> {
    return (await this.group(group))?.members();
  }

  /** Replaces the list of a group's members. Who may do so is decided by whoever calls. */
  async saveMembers(group: ID, members: readonly ID[]): Promise<void> {
    const before = (await this.archive.loadMembers(group)) ?? [];
    await this.archive.saveMembers(group, members);
    const added = members.filter(member => !before.some(old => equalID(old, member)));
    const removed = before.filter(old => !members.some(member => equalID(old, member)));
    this.#events.emit('members', { group, members, added, removed });
  }

  /** Forgets what is known of a group's members. */
  async forgetMembers(group: ID): Promise<void> {
    await this.archive.saveMembers(group, undefined);
  }

  async saveAssistants(group: ID, assistants: readonly ID[]): Promise<void> {
    await this.archive.saveAssistants(group, assistants);
  }

  /** The ID that a meta gives on a network. */
  idOf(meta: Meta, network: number): ID {
    return createMetaID(meta, network, this.protocol);
  }

  #source(): BarrackSource {
    const { archive } = this;
    return {
      loadMeta: id => archive.loadMeta(id),
      saveMeta: async (id, meta) => {
        const known = await archive.loadMeta(id);
        await archive.saveMeta(id, meta);
        if (known === undefined) this.#events.emit('meta', { id });
      },
      loadProfile: id => archive.loadProfile(id),
      saveProfile: (id, profile) => archive.saveProfile(id, profile),
      loadSignKey: async user => (await archive.loadUserKeys(user))?.metaKey,
      loadDecryptKeys: user => this.#decryptKeys(user),
      loadMembers: group => archive.loadMembers(group),
      loadAssistants: (group): Awaitable<readonly ID[]> => archive.loadAssistants(group),
    };
  }

  async #decryptKeys(user: ID): Promise<readonly PrivateKey[]> {
    const keys = await this.loadUserKeys(user);
    return keys === undefined ? [] : [...keys.profileKeys.map(({ key }) => key), keys.metaKey];
  }
}
