import type { Content, InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import type { Session } from './session.js';

/** A content for the station itself, from a sender whose signature has been checked. */
export interface DeskRequest {
  readonly sender: ID;
  readonly message: InstantMessage;
  /** The message as it came. */
  readonly signed: ReliableMessage;
  /** By which it came; its user need not be logged in yet. */
  readonly session: Session;
  /** Seconds since 1970. */
  readonly time: number;
}

/** What an answer may bring about beside contents. */
export interface DeskAnswer {
  /** Sent to the sender, in order. Each goes out encrypted for him. */
  readonly contents: readonly Content[];
  /** The user reported himself online (true) or offline (false). */
  readonly presence?: boolean;
}

/**
 * Answers what is said to the station itself, handshakes excepted: those concern the connection. A new command is a
 * file in `desk/` and one line in its list.
 */
export interface Desk {
  /** Never rejects for what is in the content. */
  answer(content: Content, request: DeskRequest): Promise<DeskAnswer>;
}
