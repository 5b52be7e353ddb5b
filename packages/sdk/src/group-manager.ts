import { NotFoundError } from '@dimp/crypto';
import {
  type Content,
  createGroupCommand,
  createMetaCommand,
  createProfileCommand,
  type GroupCommandName,
} from '@dimp/dkd';
import { equalID, type Group, type ID } from '@dimp/mkm';
import { checkID, checkIDs, checkMessenger } from './check-arguments.js';
import type { Messenger } from './default-messenger.js';
import { RefusedError } from './errors.js';
import { includesID, uniqueIDs, withoutIDs } from './processors/group-rules.js';
import type { Sent } from './received.js';
import { type RegisterGroupOptions, registerGroup } from './register-user.js';

/** What became of a command that went to each member. */
export interface GroupChange {
  readonly group: ID;
  /** The list after the change. */
  readonly members: readonly ID[];
  /** By text of the member's ID; nothing is sent to oneself. */
  readonly outcomes: ReadonlyMap<string, Sent>;
}

/**
 * Makes groups and changes their lists, as one of the local users.
 *
 * A group command goes to each member on its own, so that no station learns of the group. Newcomers are first
 * told what the group is: its meta and profile.
 */
export class GroupManager {
  readonly #messenger: Messenger;
  readonly #user: ID;

  /** @param user the local user who acts @throws {TypeError} something else than a messenger and an ID */
  constructor(messenger: Messenger, user: ID) {
    checkMessenger(messenger);
    checkID(user, 'user');
    this.#messenger = messenger;
    this.#user = user;
  }

  /** Makes a group, of which the user is founder and owner, and tells its members. */
  async create(options: Omit<RegisterGroupOptions, 'founder'>): Promise<GroupChange> {
    const group = await registerGroup(this.#facebook, { ...options, founder: this.#user });
    const members = await this.#membersOf(group);
    return this.#change(group.id, members, await this.#introduce(group, members, members));
  }

  /** Adds members. @throws {RefusedError} when the user is no member */
  async invite(groupID: ID, invited: readonly ID[]): Promise<GroupChange> {
    checkIDs(invited, 'invited');
    const group = await this.#groupOf(groupID);
    const before = await this.#membersOf(group);
    if (!(await group.isMember(this.#user))) throw refused('Only members invite', groupID);
    const added = withoutIDs(uniqueIDs(invited), before);
    const members = [...before, ...added];
    await this.#facebook.saveMembers(groupID, members);
    const outcomes = await this.#sendAll(before, this.#command('invite', groupID, added));
    return this.#change(groupID, members, [...outcomes, ...(await this.#introduce(group, added, members))]);
  }

  /** Takes members off the list; they are told too. @throws {RefusedError} when the user is not the owner, or the owner is among them */
  async expel(groupID: ID, expelled: readonly ID[]): Promise<GroupChange> {
    checkIDs(expelled, 'expelled');
    const group = await this.#groupOf(groupID);
    await this.#requireOwner(group);
    if (includesID(expelled, this.#user)) throw refused('The owner cannot be expelled', groupID);
    const before = await this.#membersOf(group);
    const members = withoutIDs(before, expelled);
    await this.#facebook.saveMembers(groupID, members);
    const command = this.#command('expel', groupID, expelled);
    return this.#change(groupID, members, await this.#sendAll(before, command));
  }

  /** Replaces the list. @throws {RefusedError} when the user is not the owner, or not on the new list */
  async reset(groupID: ID, list: readonly ID[]): Promise<GroupChange> {
    checkIDs(list, 'list');
    const group = await this.#groupOf(groupID);
    await this.#requireOwner(group);
    const members = uniqueIDs(list);
    if (!includesID(members, this.#user)) throw refused('The owner cannot be taken off the list', groupID);
    const before = await this.#membersOf(group);
    await this.#facebook.saveMembers(groupID, members);
    const told = withoutIDs(before, withoutIDs(members, before));
    const outcomes = await this.#sendAll(told, this.#command('reset', groupID, members));
    const newcomers = withoutIDs(members, before);
    return this.#change(groupID, members, [
      ...outcomes,
      ...(await this.#introduce(group, newcomers, members)),
    ]);
  }

  /** Leaves a group. @throws {RefusedError} when the user is its owner */
  async quit(groupID: ID): Promise<GroupChange> {
    const group = await this.#groupOf(groupID);
    if (await group.isOwner(this.#user)) throw refused('The owner cannot quit', groupID);
    const before = await this.#membersOf(group);
    const outcomes = await this.#sendAll(before, this.#command('quit', groupID));
    const members = withoutIDs(before, [this.#user]);
    await this.#facebook.saveMembers(groupID, members);
    return this.#change(groupID, members, outcomes);
  }

  /** Asks somebody, such as who invited the user, for the list. The answer comes as a group command. */
  async query(groupID: ID, whom: ID): Promise<Sent> {
    return this.#messenger.sendContent(this.#command('query', groupID), whom, { sender: this.#user });
  }

  get #facebook() {
    return this.#messenger.facebook;
  }

  #command(name: GroupCommandName, group: ID, members: readonly ID[] = []): Content {
    return createGroupCommand(name, group, members, { time: this.#facebook.clock() });
  }

  async #introduce(
    group: Group,
    newcomers: readonly ID[],
    members: readonly ID[],
  ): Promise<readonly [string, Sent][]> {
    const meta = await group.meta();
    const profile = await group.profile();
    await this.#presentOwner(group, newcomers);
    const told = await this.#sendAll(newcomers, createMetaCommand(group.id, meta));
    const invited = await this.#sendAll(newcomers, this.#command('invite', group.id, members));
    if (profile !== undefined) await this.#sendAll(newcomers, createProfileCommand(group.id, profile));
    // what counts is whether both arrived: an invitation to an unknown group is refused
    return invited.map(([member, outcome], index) => {
      const first = told[index]?.[1];
      return [member, first === undefined || first.kind === 'sent' ? outcome : first];
    });
  }

  /** A newcomer takes a list only if he recognises the owner on it, by the owner's meta. */
  async #presentOwner(group: Group, newcomers: readonly ID[]): Promise<void> {
    const owner = await group.owner();
    if (owner === undefined || equalID(owner, this.#user)) return;
    const meta = await this.#facebook.loadMeta(owner);
    if (meta !== undefined) {
      await this.#sendAll(withoutIDs(newcomers, [owner]), createMetaCommand(owner, meta));
    }
  }

  async #sendAll(members: readonly ID[], content: Content): Promise<readonly [string, Sent][]> {
    const outcomes: [string, Sent][] = [];
    for (const member of members) {
      if (equalID(member, this.#user)) continue;
      const outcome = await this.#messenger.sendContent(content, member, { sender: this.#user });
      outcomes.push([member.text, outcome]);
    }
    return outcomes;
  }

  async #groupOf(id: ID): Promise<Group> {
    const group = await this.#facebook.group(id);
    if (group !== undefined) return group;
    throw new NotFoundError('meta', id.text, 'ask who invited you for it.');
  }

  async #membersOf(group: Group): Promise<readonly ID[]> {
    const members = await group.members();
    if (members !== undefined) return members;
    throw new NotFoundError('members', group.id.text, 'ask a member with query().');
  }

  async #requireOwner(group: Group): Promise<void> {
    if (!(await group.isOwner(this.#user))) throw refused('Only the owner may do this', group.id);
  }

  #change(group: ID, members: readonly ID[], outcomes: readonly (readonly [string, Sent])[]): GroupChange {
    return { group, members, outcomes: new Map(outcomes) };
  }
}

function refused(reason: string, group: ID): RefusedError {
  return new RefusedError(`${reason}: ${group.text}.`);
}
