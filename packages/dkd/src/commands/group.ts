import { type JsonObject, type JsonReader, LimitError, limits } from '@dimp/crypto';
import { type ID, parseID } from '@dimp/mkm';
import { check, checkID } from '../check-arguments.js';
import {
  type CommandDefinition,
  type CommandHead,
  defineCommands,
  type OwnCommandMembers,
} from '../command.js';
import { type ContentDefinition, type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';
import type { MessageContext } from '../context.js';

/** The commands that change or ask for the list of a group's members. */
export type GroupCommandName = 'invite' | 'expel' | 'join' | 'quit' | 'reset' | 'query';

/** What group commands have. The group itself is `group` in the head. */
export interface GroupCommandMembers {
  readonly member?: ID;
  /** Wins over `member` when both are there. */
  readonly members?: readonly ID[];
}

/** One of the six; `command` says which. */
export interface GroupCommand extends CommandHead, GroupCommandMembers {
  readonly kind: `${GroupCommandName}-command`;
}

/** A history command of another name that names a group. */
export interface UnknownGroupCommand extends CommandHead, GroupCommandMembers {
  readonly kind: 'unknown-group-command';
}

declare module '../content.js' {
  interface ContentKinds {
    'group-command': GroupCommand;
    'unknown-group-command': UnknownGroupCommand;
  }
}

/** Adds members. */
export const inviteCommand: CommandDefinition<GroupCommand> = /* @__PURE__ */ defineGroupCommand('invite');
/** Takes members off the list. */
export const expelCommand: CommandDefinition<GroupCommand> = /* @__PURE__ */ defineGroupCommand('expel');
/** Asks to be added. */
export const joinCommand: CommandDefinition<GroupCommand> = /* @__PURE__ */ defineGroupCommand('join');
/** Takes its sender off the list. */
export const quitCommand: CommandDefinition<GroupCommand> = /* @__PURE__ */ defineGroupCommand('quit');
/** Replaces the list. */
export const resetCommand: CommandDefinition<GroupCommand> = /* @__PURE__ */ defineGroupCommand('reset');
/** Asks for the list. */
export const queryCommand: CommandDefinition<GroupCommand> = /* @__PURE__ */ defineGroupCommand('query');

/** Wire: `{ type: 137, sn, time, command: "invite", group, member? or members? }`; type 136 is read too. */
function defineGroupCommand(name: GroupCommandName): CommandDefinition<GroupCommand> {
  return {
    code: name,
    parse: (reader, context) => ({ kind: `${name}-command`, ...parseMembers(reader, context) }),
    format: command => formatMembers(command),
  };
}

/**
 * Contents of type 0x89: commands of which a history is kept. Without an entry in `context.commands`, the
 * mere presence of a member `group`, even null, makes it a group command (v1.md 8.4).
 */
export const historyContent: ContentDefinition = /* @__PURE__ */ defineCommands(
  ContentType.history,
  (reader, context): OwnCommandMembers<UnknownGroupCommand> | { kind: 'unknown-history-command' } =>
    reader.has('group')
      ? { kind: 'unknown-group-command', ...parseMembers(reader, context) }
      : { kind: 'unknown-history-command' },
  command => (command.kind === 'unknown-group-command' ? formatMembers(command) : {}),
);

/**
 * A group command. `members` of one is written as `member` by peers; we write the list, which wins.
 * @throws {TypeError} a name that is none of the six, something else than an ID and a list of them
 */
export function createGroupCommand(
  name: GroupCommandName,
  group: ID,
  members: readonly ID[],
  options: Omit<ContentOptions, 'group'> & { readonly time: number },
): GroupCommand {
  check(groupNames.includes(name), 'name', `one of ${groupNames.join(', ')}`, name);
  checkID(group, 'group');
  check(Array.isArray(members), 'members', 'a list of IDs', members);
  for (const member of members) checkID(member, 'members');
  return {
    ...createHead(ContentType.history, { ...options, group }),
    kind: `${name}-command`,
    command: name,
    ...(members.length > 0 && { members }),
  };
}

/** The members that a group command names, whichever way. */
export function commandMembers(command: GroupCommandMembers): readonly ID[] {
  return command.members ?? (command.member === undefined ? [] : [command.member]);
}

/** Whether a content is one of the six. */
export function isGroupCommand(content: { readonly kind: string }): content is GroupCommand {
  return groupKinds.has(content.kind);
}

const groupNames = ['invite', 'expel', 'join', 'quit', 'reset', 'query'];

const groupKinds = /* @__PURE__ */ new Set(/* @__PURE__ */ groupNames.map(name => `${name}-command`));

function parseMembers(reader: JsonReader, context: MessageContext): GroupCommandMembers {
  const member = reader.value('member');
  const list = reader.optionalList('members');
  if (list !== undefined && list.length > limits.groupMembers) {
    throw new LimitError(reader.at('members'), `expected at most ${limits.groupMembers} members`);
  }
  return {
    ...(member !== undefined && { member: parseID(member, context, reader.at('member')) }),
    ...(list && {
      members: list.map((id, index) => parseID(id, context, `${reader.at('members')}[${index}]`)),
    }),
  };
}

function formatMembers({ member, members }: GroupCommandMembers): JsonObject {
  return {
    ...(member && { member: member.text }),
    ...(members && { members: members.map(id => id.text) }),
  };
}
