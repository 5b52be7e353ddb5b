import {
  type CommandDefinition,
  type CommandHead,
  type ContentOptions,
  ContentType,
  createHead,
} from '@dimp/dkd';
import { checkName } from '../check-arguments.js';

/** How a client and a station agree on a session. */
export interface HandshakeCommand extends CommandHead {
  readonly kind: 'handshake-command';
  /** Empty when the sender gave none. */
  readonly message: string;
  readonly session?: string;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'handshake-command': HandshakeCommand;
  }
}

/** Wire: `{ type: 136, command: "handshake", message, session? }`; also read: `title` for `message`. */
export const handshakeCommand: CommandDefinition<HandshakeCommand> = {
  code: 'handshake',
  parse(reader) {
    const message = reader.optionalText(reader.has('message') ? 'message' : 'title') ?? '';
    const session = reader.optionalText('session');
    return { kind: 'handshake-command', message, ...(session !== undefined && { session }) };
  },
  format: ({ message, session }) => ({ message, ...(session !== undefined && { session }) }),
};

/** Where a handshake stands, with the numbers that peers use. */
export const HandshakeState = { init: 0, start: 1, again: 2, restart: 3, success: 4 } as const;
export type HandshakeState = (typeof HandshakeState)[keyof typeof HandshakeState];

/** Letters count: `dim!` is no success (v1.md 8.3). */
export function handshakeState({ message, session }: HandshakeCommand): HandshakeState {
  if (message === '') return HandshakeState.init;
  if (message === 'DIM!' || message === 'OK!') return HandshakeState.success;
  if (message === 'DIM?') return HandshakeState.again;
  return session === undefined || session === '' ? HandshakeState.start : HandshakeState.restart;
}

/**
 * A step of the talk. Client: `start`, then `restart` with the session that the station's `again` brought;
 * station: `again` with a fresh session, then `success`.
 * @throws {TypeError} another step
 */
export function createHandshake(
  step: 'start' | 'again' | 'restart' | 'success',
  session?: string,
  options: ContentOptions = {},
): HandshakeCommand {
  const messages = { start: 'Hello world!', again: 'DIM?', restart: 'Hello world!', success: 'DIM!' };
  checkName(step, messages, 'step');
  return {
    ...createHead(ContentType.command, options),
    kind: 'handshake-command',
    command: 'handshake',
    message: messages[step],
    ...(session !== undefined && { session }),
  };
}
