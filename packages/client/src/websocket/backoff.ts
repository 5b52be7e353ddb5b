/** How long to wait between attempts to connect. */
export interface BackoffOptions {
  /** Seconds before the first repetition, at most; each further one at most twice as long as the one before. */
  readonly firstSeconds: number;
  /** Seconds, and never more. */
  readonly maxSeconds: number;
}

/** Seconds when nobody says otherwise. */
export const defaultBackoff: BackoffOptions = { firstSeconds: 1, maxSeconds: 60 };

/**
 * Exponential backoff with jitter: between half and all of the time, by chance, so that the clients of a station that
 * comes back do not come all at once. Nothing secret is in it, so ordinary chance does.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Seconds to wait now. */
  next(): number {
    const { firstSeconds, maxSeconds } = this.#options;
    // beyond that the number has no room
    const most = Math.min(maxSeconds, firstSeconds * 2 ** Math.min(this.#failures++, 52));
    return most * (0.5 + Math.random() / 2);
  }

  /** A connection has lasted. */
  reset(): void {
    this.#failures = 0;
  }
}
