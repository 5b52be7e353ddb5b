import type { StationLimits } from '../options.js';

/** What a rate limiter is told: so much a second on the long run, and `burst` seconds of it at once. */
export type Rates = Pick<StationLimits, 'messagesPerSecond' | 'bytesPerSecond' | 'burst'>;

/** Waits shorter than this are none: what a clock's last digits make of an exact wait. */
const grainSeconds = 1e-6;

/**
 * Bounds what one connection or user may send: a token bucket for messages and one for bytes. It has no timer; what
 * was not used comes back by the clock when it is asked next.
 */
export class RateLimiter {
  readonly #rates: Rates;
  readonly #clock: () => number;
  #messages: number;
  #bytes: number;
  #time: number;

  /** @param clock seconds from whatever start, with fraction; never set back */
  constructor(rates: Rates, clock: () => number = monotonicSeconds) {
    this.#rates = rates;
    this.#clock = clock;
    this.#messages = rates.messagesPerSecond * rates.burst;
    this.#bytes = rates.bytesPerSecond * rates.burst;
    this.#time = clock();
  }

  /**
   * Takes so many messages of so many bytes in all: 0 when they may pass, else the seconds after which they may, and
   * nothing was taken. More than fits into a full bucket may pass when it is full, and is waited for afterwards.
   */
  take(messages: number, bytes: number): number {
    const { messagesPerSecond, bytesPerSecond } = this.#rates;
    this.#refill();
    const wait = Math.max(
      waitFor(messages, this.#messages, messagesPerSecond, this.#rates.burst),
      waitFor(bytes, this.#bytes, bytesPerSecond, this.#rates.burst),
    );
    if (wait > grainSeconds) return wait;
    this.#messages -= messages;
    this.#bytes -= bytes;
    return 0;
  }

  #refill(): void {
    const { messagesPerSecond, bytesPerSecond, burst } = this.#rates;
    const now = this.#clock();
    const elapsed = Math.max(0, now - this.#time);
    this.#time = now;
    this.#messages = Math.min(messagesPerSecond * burst, this.#messages + elapsed * messagesPerSecond);
    this.#bytes = Math.min(bytesPerSecond * burst, this.#bytes + elapsed * bytesPerSecond);
  }
}

function waitFor(wanted: number, present: number, perSecond: number, burst: number): number {
  const missing = Math.min(wanted, perSecond * burst) - present;
  return missing <= 0 ? 0 : missing / perSecond;
}

/** Seconds that are not set back with the clock on the wall. */
function monotonicSeconds(): number {
  return performance.now() / 1000;
}
