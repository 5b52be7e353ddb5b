import { type PrivateKey, UsageError } from '@dimp/crypto';
import { equalID, type ID, isBroadcastID, isGroupID, type Meta, type User } from '@dimp/mkm';
import type { UserKeys } from './archive.js';
import { checkID, checkIDs } from './check-arguments.js';
import { Directory } from './directory.js';
import { Serial } from './serial.js';

/**
 * Who is who: the users and groups that are known, what is known of them, and the users who act here.
 *
 * Metas and profiles are checked here before they are kept.
 */
export class BareFacebook extends Directory {
  /** Lists are read, changed and written; two changes at once would lose one. */
  readonly #changes = new Serial();

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
    checkID(id, 'id');
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
    checkID(user, 'user');
    return this.archive.loadContacts(user);
  }

  async addContact(user: ID, contact: ID): Promise<void> {
    checkID(user, 'user');
    checkID(contact, 'contact');
    await this.#changes.run(async () => {
      const contacts = await this.archive.loadContacts(user);
      if (contacts.some(known => equalID(known, contact))) return;
      await this.archive.saveContacts(user, [...contacts, contact]);
    });
  }

  async removeContact(user: ID, contact: ID): Promise<void> {
    checkID(user, 'user');
    checkID(contact, 'contact');
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
    checkID(group, 'group');
    checkIDs(members, 'members');
    const before = (await this.archive.loadMembers(group)) ?? [];
    await this.archive.saveMembers(group, members);
    const added = members.filter(member => !before.some(old => equalID(old, member)));
    const removed = before.filter(old => !members.some(member => equalID(old, member)));
    this.tell('members', { group, members, added, removed });
  }

  /** Forgets what is known of a group's members. */
  async forgetMembers(group: ID): Promise<void> {
    checkID(group, 'group');
    await this.archive.saveMembers(group, undefined);
  }

  async saveAssistants(group: ID, assistants: readonly ID[]): Promise<void> {
    checkID(group, 'group');
    checkIDs(assistants, 'assistants');
    await this.archive.saveAssistants(group, assistants);
  }
}
