import { commandMembers, type GroupCommand } from '@dimp/dkd';
import { equalID, findFounder, type Group, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import type { Facebook } from '../default-facebook.js';
import { RefusedError } from '../errors.js';

/** What is known of the group that a command is about, and of who sent it. */
export interface GroupState {
  readonly id: ID;
  readonly group: Group;
  /** Empty when none are known. */
  readonly members: readonly ID[];
  readonly owner: ID | undefined;
  /** No members are known, or the owner cannot be told from them: whoever brings a list may start one. */
  readonly isEmpty: boolean;
  readonly senderIsOwner: boolean;
  readonly senderIsAssistant: boolean;
  readonly senderIsMember: boolean;
}

/** @throws {RefusedError} when the command names no group, a broadcast, a user, or a group without meta here */
export async function loadGroupState(
  command: GroupCommand,
  sender: ID,
  facebook: Facebook,
): Promise<GroupState> {
  const id = command.group;
  if (id === undefined || isBroadcastID(id) || !isGroupID(id)) {
    throw new RefusedError(`The command ${command.command} names no group whose list can be kept.`);
  }
  const group = await facebook.group(id);
  if (group === undefined) throw new RefusedError(`The meta of the group ${id.text} is not here.`);
  const members = (await group.members()) ?? [];
  const owner = await group.owner();
  const assistants = await group.assistants();
  return {
    id,
    group,
    members,
    owner,
    isEmpty: members.length === 0 || owner === undefined,
    senderIsOwner: await group.isOwner(sender),
    senderIsAssistant: includesID(assistants, sender),
    senderIsMember: includesID(members, sender),
  };
}

/** @throws {RefusedError} when the sender is neither member nor assistant nor owner */
export function requireInsider(state: GroupState, command: GroupCommand): void {
  if (state.senderIsMember || state.senderIsAssistant || state.senderIsOwner) return;
  throw new RefusedError(`Only members of ${state.id.text} may ${command.command}.`);
}

/** @throws {RefusedError} when the sender is neither owner nor assistant */
export function requireManager(state: GroupState, command: GroupCommand): void {
  if (state.senderIsOwner || state.senderIsAssistant) return;
  throw new RefusedError(`Only the owner of ${state.id.text} or an assistant may ${command.command}.`);
}

/** The members that a command names. @throws {RefusedError} when it names none */
export function requireMembers(command: GroupCommand): readonly ID[] {
  const members = commandMembers(command);
  if (members.length > 0) return uniqueIDs(members);
  throw new RefusedError(`The command ${command.command} names no members.`);
}

/** The owner among these users, by the group's meta; one whose meta is not here is not the owner. */
export async function findOwner(
  state: Pick<GroupState, 'id'>,
  users: readonly ID[],
  facebook: Facebook,
): Promise<ID | undefined> {
  const meta = await facebook.loadMeta(state.id);
  return meta && findFounder(meta, users, facebook.barrack, facebook.protocol);
}

/** A change of a list, as it is noted in the local copy of the command. */
export interface ListChange {
  readonly added: readonly ID[];
  readonly removed: readonly ID[];
}

/** Saves a list, when it holds other members than the old one. @throws {RefusedError} when it drops the owner */
export async function changeMembers(
  state: GroupState,
  members: readonly ID[],
  facebook: Facebook,
): Promise<ListChange> {
  const added = withoutIDs(members, state.members);
  const removed = withoutIDs(state.members, members);
  if (state.owner !== undefined && includesID(removed, state.owner)) {
    throw new RefusedError(`The owner of ${state.id.text} cannot be taken off its list.`);
  }
  if (added.length > 0 || removed.length > 0) await facebook.saveMembers(state.id, members);
  return { added, removed };
}

/** The command with the change noted in it, for the application's own copy. */
export function noteChange(command: GroupCommand, { added, removed }: ListChange): GroupCommand {
  return {
    ...command,
    extra: {
      ...command.extra,
      ...(added.length > 0 && { added: added.map(id => id.text) }),
      ...(removed.length > 0 && { removed: removed.map(id => id.text) }),
    },
  };
}

export function includesID(ids: readonly ID[], id: ID): boolean {
  return ids.some(one => equalID(one, id));
}

export function withoutIDs(ids: readonly ID[], others: readonly ID[]): readonly ID[] {
  const keys = new Set(others.map(id => id.key));
  return ids.filter(id => !keys.has(id.key));
}

/** Each once, as it stands first. */
export function uniqueIDs(ids: readonly ID[]): readonly ID[] {
  const firsts = new Map<string, ID>();
  for (const id of ids) if (!firsts.has(id.key)) firsts.set(id.key, id);
  return [...firsts.values()];
}
