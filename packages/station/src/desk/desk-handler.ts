import type { RandomBytes } from '@dimp/crypto';
import type { Content } from '@dimp/dkd';
import { equalID } from '@dimp/mkm';
import type { DeskAnswer, DeskRequest } from '../desk.js';
import type { StationLog } from '../log.js';
import type { Metrics } from '../metrics.js';
import { createRefusal } from '../receipts.js';
import type { RefusalReason } from '../refusal.js';
import type { SessionDirectory } from '../session.js';
import type { StationAccount } from '../station-account.js';
import type { UserDirectory } from '../user-directory.js';

/** What a desk works with. */
export interface DeskParts {
  /** Metas and profiles are looked up, checked and kept in its archive. */
  readonly account: Pick<StationAccount, 'facebook'>;
  readonly users: Pick<UserDirectory, 'load' | 'save' | 'search'>;
  readonly sessions: Pick<SessionDirectory, 'onlineUsers'>;
  readonly metrics: Pick<Metrics, 'command'>;
  readonly log?: StationLog | undefined;
  readonly randomBytes?: RandomBytes;
}

/** Answers contents of some kinds. */
export interface DeskHandler<C extends Content = Content> {
  readonly kinds: readonly C['kind'][];
  /** What the port of users rejects with is answered by the desk. */
  answer(content: C, request: DeskRequest, parts: DeskParts): Promise<DeskAnswer>;
}

/** No answer. */
export const silence: DeskAnswer = { contents: [] };

/** One content and nothing else. */
export function say(content: Content): DeskAnswer {
  return { contents: [content] };
}

/** A receipt that says why the request is not granted. */
export function refuse(reason: RefusalReason, { signed }: DeskRequest, retryAfter?: number): DeskAnswer {
  return say(createRefusal({ reason, ...(retryAfter !== undefined && { retryAfter }) }, signed));
}

/**
 * Whether the sender is who logged in here. What was signed once can be sent again by anybody who saw it, so a signature
 * alone changes nothing of a user's.
 */
export function isOwn({ sender, session }: DeskRequest): boolean {
  return session.user !== undefined && !session.isNeighbour && equalID(session.user, sender);
}
