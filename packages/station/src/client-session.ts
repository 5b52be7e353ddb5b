import { type PublicKey, type RandomBytes, randomBytes } from '@dimp/crypto';
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
  /** The key of his meta, once a message of his was checked: it never changes. */
  senderKey: PublicKey | undefined;
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
  /** Steps that passed and have not ended. */
  #passing = 0;
  #heldUp: Promise<void> | undefined;
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
    if (this.#isBusy || this.#passing > 0) {
      await new Promise<void>(resolve => {
        this.#waiting ??= [];
        this.#waiting.push(resolve);
      });
    }
    this.#isBusy = true;
    try {
      return await step();
    } finally {
      // busy in between as well: whoever comes now stands behind
      this.#isBusy = this.#wakeNext();
    }
  }

  /**
   * Begins a step without waiting for its turn, if nobody else waits or is at work. Such steps must end in the order in
   * which they began: `passed` is to be called for each.
   */
  pass(): boolean {
    if (this.#isBusy || this.#waiting !== undefined) return false;
    this.#passing++;
    return true;
  }

  passed(): void {
    this.#passing--;
    if (this.#passing === 0 && this.#waiting !== undefined) this.#isBusy = this.#wakeNext();
  }

  /** One of the steps that passed takes longer, so all behind it must go through `holdUp`, too. */
  get isHeldUp(): boolean {
    return this.#heldUp !== undefined;
  }

  /** Goes on with a step that passed when those have ended that were held up before it. */
  holdUp(step: () => Promise<void>): Promise<void> {
    const mine = (this.#heldUp ?? Promise.resolve()).then(step).finally(() => {
      if (this.#heldUp === mine) this.#heldUp = undefined;
    });
    this.#heldUp = mine;
    return mine;
  }

  #wakeNext(): boolean {
    const next = this.#waiting?.shift();
    if (this.#waiting?.length === 0) this.#waiting = undefined;
    next?.();
    return next !== undefined;
  }
}
