import { UsageError } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';
import type { Resumable, Session, SessionDirectory } from './session.js';

/** Seconds for which the key of an ended connection is good. */
const resumableSeconds = 86_400;
/** Keys that are remembered at once; the oldest go first. */
const mostKeys = 200_000;

/** How a session directory in memory works. */
export interface SessionDirectoryOptions {
  /** Seconds since 1970. */
  readonly clock?: () => number;
  /** Keys of ended connections that are remembered. */
  readonly resumableKeys?: number;
}

/** Who is here, in memory. What is too old is forgotten along with what comes: there is no timer. */
export class MemorySessionDirectory implements SessionDirectory {
  readonly #clock: () => number;
  readonly #mostKeys: number;
  readonly #users = new Map<string, { readonly user: ID; readonly sessions: readonly Session[] }>();
  /** The oldest first. */
  readonly #keys = new Map<string, { readonly resumable: Resumable; readonly until: number }>();
  #sessionCount = 0;

  constructor(options: SessionDirectoryOptions = {}) {
    this.#clock = options.clock ?? (() => Date.now() / 1000);
    this.#mostKeys = options.resumableKeys ?? mostKeys;
  }

  get sessionCount(): number {
    return this.#sessionCount;
  }

  get userCount(): number {
    return this.#users.size;
  }

  ofUser(user: ID): readonly Session[] {
    const sessions = this.#users.get(user.key)?.sessions ?? [];
    return sessions.some(isPaused) ? sessions.filter(session => !isPaused(session)) : sessions;
  }

  *onlineUsers(): Generator<ID> {
    for (const { user, sessions } of this.#users.values()) if (!sessions.every(isPaused)) yield user;
  }

  /** @throws {UsageError} nobody has logged in */
  add(session: Session): void {
    const { user } = session;
    if (user === undefined) throw new UsageError('A session is added when its user has logged in.');
    const sessions = this.#users.get(user.key)?.sessions ?? [];
    if (sessions.includes(session)) return;
    this.#users.set(user.key, { user, sessions: [...sessions, session] });
    this.#sessionCount++;
  }

  remove(session: Session): void {
    const { user } = session;
    const entry = user && this.#users.get(user.key);
    if (entry === undefined || !entry.sessions.includes(session)) return;
    const sessions = entry.sessions.filter(other => other !== session);
    if (sessions.length === 0) this.#users.delete(entry.user.key);
    else this.#users.set(entry.user.key, { user: entry.user, sessions });
    this.#sessionCount--;
  }

  remember(key: string, resumable: Resumable): void {
    const now = this.#clock();
    this.#keys.delete(key);
    this.#keys.set(key, { resumable, until: now + resumableSeconds });
    for (const [old, { until }] of this.#keys) {
      if (until > now && this.#keys.size <= this.#mostKeys) return;
      this.#keys.delete(old);
    }
  }

  resume(key: string): Resumable | undefined {
    const known = this.#keys.get(key);
    return known !== undefined && known.until > this.#clock() ? known.resumable : undefined;
  }
}

function isPaused({ isPaused }: Session): boolean {
  return isPaused;
}
