import { type RandomBytes, randomBytes } from '@dimp/crypto';
import { encodeHex } from '@dimp/crypto/format';
import { type ID, withoutTerminal } from '@dimp/mkm';
import type { Connection } from './connection.js';
import { RateLimiter, type Rates } from './limits/rate-limiter.js';
import type { Session } from './session.js';

/** A key of 32 bytes from the CSPRNG, as 64 hex digits. */
export function generateSessionKey(random: RandomBytes = randomBytes): string {
  return encodeHex(random(32));
}

/** A session as the parts between the socket and the relay change it. What is not needed yet is not made yet. */
export class ClientSession implements Session {
  readonly connection: Connection;
  /** When the connection came, in the watchdog's seconds. */
  readonly since: number;
  user: ID | undefined;
  device = '';
  isNeighbour = false;
  wantsAcks = false;
  acknowledges = false;
  isPaused = false;
  /** The connection is gone. What came before that is still dealt with. */
  isEnded = false;
  /** The station has closed it, and deals with nothing more of it. */
  isShutOut = false;
  /** The key that stands for this session on the next connection. Another than the one to log in with. */
  resumeKey: string | undefined;
  /** Whether it was sent the station's meta. */
  knowsStation = false;
  /** Handshakes before login. */
  attempts = 0;
  /** Packages that nobody honest sends. */
  offences = 0;
  #key: string | undefined;
  #limiter: RateLimiter | undefined;
  #isBusy = false;
  #waiting: (() => void)[] | undefined;

  constructor(connection: Connection, since: number) {
    this.connection = connection;
    this.since = since;
  }

  get key(): string {
    this.#key ??= generateSessionKey();
    return this.#key;
  }

  /** Who sends by this connection: himself, without terminal. @param limiter the one of all his connections */
  bind(user: ID, limiter: RateLimiter): void {
    this.user = withoutTerminal(user);
    this.device = user.terminal;
    this.#limiter = limiter;
  }

  /** What bounds it: before login a limiter of its own. */
  limiter(rates: Rates): RateLimiter {
    this.#limiter ??= new RateLimiter(rates);
    return this.#limiter;
  }

  /** Closes the connection for breaking a rule; what it has under way is dropped. */
  shutOut(text: string): void {
    this.isShutOut = true;
    this.connection.close('policy', text);
  }

  /** Runs steps one after the other, in the order of the calls. */
  async inTurn<T>(step: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      await new Promise<void>(resolve => {
        this.#waiting ??= [];
        this.#waiting.push(resolve);
      });
    }
    this.#isBusy = true;
    try {
      return await step();
    } finally {
      const next = this.#waiting?.shift();
      // busy in between as well: whoever comes now stands behind
      if (next === undefined) this.#isBusy = false;
      else next();
    }
  }
}
