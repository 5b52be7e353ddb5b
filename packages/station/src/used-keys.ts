/** Seconds after which a key is good for nothing anyway. */
const keptSeconds = 86_400;
/** Keys that are kept at once; the oldest go first. */
const mostKeys = 200_000;

/**
 * Session keys that have been used to go on with another connection. Each works once, or a handshake that somebody
 * recorded could be repeated by him for as long as the key is good.
 */
export class UsedKeys {
  readonly #clock: () => number;
  readonly #most: number;
  /** When each was used, the oldest first. */
  readonly #keys = new Map<string, number>();

  /** @param clock seconds from whatever start */
  constructor(clock: () => number = () => performance.now() / 1000, most: number = mostKeys) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Uses a key up; whether it had not been used before. */
  use(key: string): boolean {
    if (this.#keys.has(key)) return false;
    const now = this.#clock();
    this.#keys.set(key, now);
    for (const [old, time] of this.#keys) {
      if (now - time < keptSeconds && this.#keys.size <= this.#most) break;
      this.#keys.delete(old);
    }
    return true;
  }
}
