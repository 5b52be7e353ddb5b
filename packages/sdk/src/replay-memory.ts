import type { Awaitable } from '@dimp/mkm';

/**
 * A port: which messages were accepted before. A fingerprint is text that names local receiver, sender and
 * signed bytes.
 */
export interface ReplayMemory {
  has(fingerprint: string): Awaitable<boolean>;
  /** @param time when it was accepted, in seconds */
  add(fingerprint: string, time: number): Awaitable<void>;
}

/** How a replay memory is bounded. */
export interface MemoryReplayMemoryOptions {
  /** Seconds for which a message is remembered; 30 days when absent. */
  readonly window?: number;
  /** Messages remembered; the oldest go first. */
  readonly capacity?: number;
  /** Seconds since 1970. */
  readonly clock?: () => number;
}

/** Replay memory in memory: it forgets everything when the program ends. */
export class MemoryReplayMemory implements ReplayMemory {
  readonly #window: number;
  readonly #capacity: number;
  readonly #clock: () => number;
  readonly #times = new Map<string, number>();

  constructor(options: MemoryReplayMemoryOptions = {}) {
    this.#window = options.window ?? 30 * 86_400;
    this.#capacity = options.capacity ?? 100_000;
    this.#clock = options.clock ?? (() => Math.floor(Date.now() / 1000));
  }

  has(fingerprint: string): boolean {
    const time = this.#times.get(fingerprint);
    return time !== undefined && time >= this.#clock() - this.#window;
  }

  add(fingerprint: string, time: number): void {
    this.#times.delete(fingerprint);
    this.#times.set(fingerprint, time);
    const oldest = this.#clock() - this.#window;
    for (const [name, accepted] of this.#times) {
      if (accepted >= oldest && this.#times.size <= this.#capacity) break;
      this.#times.delete(name);
    }
  }
}
