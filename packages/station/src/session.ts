import type { ID } from '@dimp/mkm';
import type { Connection } from './connection.js';

/** One connection with whoever logged in on it. One user per connection. */
export interface Session {
  readonly connection: Connection;
  /** 64 hex digits from the CSPRNG: what the user has to give back. */
  readonly key: string;
  /** Who logged in; undefined before. Without terminal. */
  readonly user: ID | undefined;
  /** The terminal of the handshake's sender; empty for a device without name. */
  readonly device: string;
  /** A neighbour station may send what others have signed. */
  readonly isNeighbour: boolean;
  /** Asked for transport ACKs in place of signed receipts. */
  readonly wantsAcks: boolean;
  /** Acknowledges what is sent to it: it said so in the handshake, or has done it once. */
  readonly acknowledges: boolean;
  /** Reported itself offline: nothing is pushed to it. */
  readonly isPaused: boolean;
}

/** What a session key stands for after its connection is gone. */
export interface Resumable {
  readonly user: ID;
  readonly device: string;
}

/**
 * A port: who is here. In memory for one station; a cluster replaces it.
 * Users are told apart by `id.key`, terminals aside.
 */
export interface SessionDirectory {
  /** Sessions of a user that are logged in and not paused. */
  ofUser(user: ID): readonly Session[];
  /** Users with at least one of these, in no order. */
  onlineUsers(): Iterable<ID>;
  readonly sessionCount: number;
  readonly userCount: number;
  add(session: Session): void;
  remove(session: Session): void;
  /** Remembers a key for 24 hours from now. Called at login, and again when the connection has ended. */
  remember(key: string, resumable: Resumable): void;
  /** Whom a key stands for. */
  resume(key: string): Resumable | undefined;
}
