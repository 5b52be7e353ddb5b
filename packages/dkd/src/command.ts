import { type Definition, type JsonObject, type JsonReader, UsageError } from '@dimp/crypto';
import type { Content, ContentDefinition, ContentHead, FormatOptions, OwnMembers } from './content.js';
import { ContentType } from './content-type.js';
import type { MessageContext } from './context.js';

/** What every command has beside the head of a content. */
export interface CommandHead extends ContentHead {
  /** The name on the wire. */
  readonly command: string;
}

/** A command that nothing here knows. Its members are in `extra`. */
export interface UnknownCommand extends CommandHead {
  readonly kind: 'unknown-command';
}

/** An unknown command of type 0x89 that names no group. */
export interface UnknownHistoryCommand extends CommandHead {
  readonly kind: 'unknown-history-command';
}

declare module './content.js' {
  interface ContentKinds {
    'unknown-command': UnknownCommand;
    'unknown-history-command': UnknownHistoryCommand;
  }
}

/** Any command: a content that has a command's name. */
export type Command = Extract<Content, CommandHead>;

/** The members of a command that its own definition reads. */
export type OwnCommandMembers<C> = C extends CommandHead ? Omit<C, keyof CommandHead> : never;

/** How commands of one name are read and written, as command (0x88) and as history command (0x89) alike. */
export interface CommandDefinition<C extends Command = Command> extends Definition {
  readonly code: string;
  /** Reads the members beside the head and the name. @throws {ParseError} */
  parse(reader: JsonReader, context: MessageContext, head: Omit<CommandHead, 'extra'>): OwnCommandMembers<C>;
  /** The members beside the head and the name. */
  format(command: C, context: MessageContext, options: FormatOptions): JsonObject;
}

/** Whether a content is a command or a history command, known or not. */
export function isCommand(content: Content): content is Command {
  return content.type === ContentType.command || content.type === ContentType.history;
}

/** Contents of type 0x88. Also read: `cmd` for `command`. */
export const commandContent: ContentDefinition = /* @__PURE__ */ defineCommands(
  ContentType.command,
  () => ({ kind: 'unknown-command' }),
  () => ({}),
);

/**
 * A definition for commands; they are told apart by name in `context.commands`.
 * @param parseOther reads the own members of a command that has no definition there
 * @param formatOther writes them
 * @throws {UsageError} from `format`, when a known kind of command has no definition in the context
 */
export function defineCommands(
  code: number,
  parseOther: (reader: JsonReader, context: MessageContext) => OwnCommandMembers<Command>,
  formatOther: (command: Command) => JsonObject,
): ContentDefinition {
  function formatOwn(command: Command, context: MessageContext, options: FormatOptions): JsonObject {
    if (command.kind.startsWith('unknown-')) return formatOther(command);
    const definition = context.commands.find(command.command);
    if (definition !== undefined) return definition.format(command, context, options);
    throw new UsageError(
      `No command definition for ${JSON.stringify(command.command)}; pass one in createProtocol({ commands }).`,
    );
  }
  return {
    code,
    parse(reader, context, head) {
      const command =
        reader.optionalText('command') ?? reader.optionalText('cmd') ?? reader.missing('command', 'text');
      const definition = context.commands.find(command);
      const own = definition?.parse(reader, context, { ...head, command }) ?? parseOther(reader, context);
      return { command, ...own } as OwnMembers<Command>;
    },
    format(content, context, options) {
      if (!isCommand(content)) return {};
      return { command: content.command, ...formatOwn(content, context, options) };
    },
  };
}
