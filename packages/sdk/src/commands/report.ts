import {
  type CommandDefinition,
  type CommandHead,
  type ContentOptions,
  ContentType,
  createHead,
} from '@dimp/dkd';

/** Tells a station about a client: whether it wants its messages now, or something else by title. */
export interface ReportCommand extends CommandHead {
  readonly kind: 'report-command';
  /** `online`, `offline` or a name of one's own, such as `apns`. Empty when the sender gave none. */
  readonly title: string;
  /** How phones of 2020 say it: `foreground` or `background`. */
  readonly state?: string;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'report-command': ReportCommand;
  }
}

/** Whether a client wants what comes for its user sent on at once. */
export type Presence = 'online' | 'offline';

/**
 * Wire: `{ type: 136, command: "report", title: "online", time? }`; also read: `command: "broadcast"`, with
 * `state: "foreground"` in place of a presence, and `command: "online"` or `"offline"` without title.
 */
export const reportCommand: CommandDefinition<ReportCommand> = {
  code: 'report',
  aliases: ['broadcast', 'online', 'offline'],
  parse(reader, _context, { command }) {
    const title = reader.optionalText('title') ?? titleByName(command);
    const state = reader.optionalText('state');
    return { kind: 'report-command', title, ...(state !== undefined && { state }) };
  },
  format: ({ command, title, state }) => ({
    ...(title !== titleByName(command) && { title }),
    ...(state !== undefined && { state }),
  }),
};

/** A report of a presence, or by a title of one's own with its members as `extra`. */
export function createReport(title: Presence | (string & {}), options: ContentOptions = {}): ReportCommand {
  return {
    ...createHead(ContentType.command, options),
    kind: 'report-command',
    command: 'report',
    title,
  };
}

/** The presence that a report tells, in whatever spelling; undefined when it is about something else. */
export function reportedPresence({ title, state }: ReportCommand): Presence | undefined {
  if (title === 'online' || state === 'foreground') return 'online';
  return title === 'offline' || state === 'background' ? 'offline' : undefined;
}

function titleByName(command: string): string {
  return command === 'online' || command === 'offline' ? command : '';
}
