import type { ID } from '@dimp/mkm';
import type { ClientSession } from './client-session.js';
import { RateLimiter, type Rates } from './limits/rate-limiter.js';

interface UserEntry {
  readonly limiter: RateLimiter;
  /** Oldest first. */
  readonly sessions: ClientSession[];
}

/** The connections of each user at this station, paused ones too, and what they share. */
export class Roster {
  readonly #rates: Rates;
  readonly #users = new Map<string, UserEntry>();

  constructor(rates: Rates) {
    this.#rates = rates;
  }

  /** Binds a session to a user. All connections of his share one limiter. */
  enter(session: ClientSession, user: ID): void {
    const entry = this.#users.get(user.key) ?? { limiter: new RateLimiter(this.#rates), sessions: [] };
    this.#users.set(user.key, entry);
    entry.sessions.push(session);
    session.bind(user, entry.limiter);
  }

  leave(session: ClientSession): void {
    const key = session.user?.key ?? '';
    const entry = this.#users.get(key);
    const index = entry?.sessions.indexOf(session) ?? -1;
    if (entry === undefined || index < 0) return;
    entry.sessions.splice(index, 1);
    if (entry.sessions.length === 0) this.#users.delete(key);
  }

  /** Oldest first. */
  of(user: ID): readonly ClientSession[] {
    return this.#users.get(user.key)?.sessions ?? [];
  }
}
