import { LimitError, limits } from '@dimp/crypto';
import {
  type CommandDefinition,
  type CommandHead,
  type ContentOptions,
  ContentType,
  createHead,
} from '@dimp/dkd';
import { type ID, parseID } from '@dimp/mkm';

/** Asks for, or sets, the users from whom a user wants nothing (block) or no notice (mute). */
export interface ContactListCommand extends CommandHead {
  readonly kind: 'block-command' | 'mute-command';
  /** Without it the command is a question. */
  readonly list?: readonly ID[];
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'contact-list-command': ContactListCommand;
  }
}

/** Wire: `{ type: 136, command: "block", list?: ["name@address"] }` */
export const blockCommand: CommandDefinition<ContactListCommand> = /* @__PURE__ */ define('block');

/** Wire: `{ type: 136, command: "mute", list?: ["name@address"] }` */
export const muteCommand: CommandDefinition<ContactListCommand> = /* @__PURE__ */ define('mute');

/** A list for the station to keep; without `list` a question for the one that it has. */
export function createContactList(
  name: 'block' | 'mute',
  list?: readonly ID[],
  options: ContentOptions = {},
): ContactListCommand {
  return {
    ...createHead(ContentType.command, options),
    kind: `${name}-command`,
    command: name,
    ...(list && { list }),
  };
}

function define(name: 'block' | 'mute'): CommandDefinition<ContactListCommand> {
  return {
    code: name,
    parse(reader, context) {
      const list = reader.optionalList('list');
      if (list !== undefined && list.length > limits.groupMembers) {
        throw new LimitError(reader.at('list'), `expected at most ${limits.groupMembers} users`);
      }
      const ids = list?.map((id, index) => parseID(id, context, `${reader.at('list')}[${index}]`));
      return { kind: `${name}-command`, ...(ids && { list: ids }) };
    },
    format: ({ list }) => ({ ...(list && { list: list.map(id => id.text) }) }),
  };
}
