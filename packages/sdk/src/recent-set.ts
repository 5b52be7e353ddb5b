/** How a set of recent texts is bounded. */
export interface RecentSetOptions {
  /** Seconds after which a text is forgotten. */
  readonly window: number;
  /** Texts remembered; the oldest go first. */
  readonly capacity?: number;
  /** In seconds. */
  readonly clock: () => number;
}

/** A set of texts that forgets each after some time, and the oldest when it is full. */
export class RecentSet {
  readonly #window: number;
  readonly #capacity: number;
  readonly #clock: () => number;
  /** When each came in, the oldest first. */
  readonly #times = new Map<string, number>();

  constructor(options: RecentSetOptions) {
    this.#window = options.window;
    this.#capacity = options.capacity ?? 10_000;
    this.#clock = options.clock;
  }

  has(text: string): boolean {
    const time = this.#times.get(text);
    return time !== undefined && this.#clock() - time < this.#window;
  }

  add(text: string): void {
    const now = this.#clock();
    this.#times.delete(text);
    this.#times.set(text, now);
    for (const [name, time] of this.#times) {
      if (now - time < this.#window && this.#times.size <= this.#capacity) break;
      this.#times.delete(name);
    }
  }

  delete(text: string): void {
    this.#times.delete(text);
  }
}
