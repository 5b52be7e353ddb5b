/** How a heartbeat is made. */
export interface HeartbeatOptions {
  /** Silence after which a sign of life is asked for, and once more until the other side counts as gone. */
  readonly seconds: number;
  /** Asks for a sign of life. */
  ask(): void;
  /** Whether something else shows that the other side is there, asked before it is given up. */
  isAlive(): boolean;
  /** The other side is gone. Nothing is asked from then on. */
  gone(): void;
}

/**
 * Notices a connection of which nothing comes any more: after one interval of silence it asks, after another it gives
 * up. A machine that was asleep asks first, as no time has passed for the other side's answer.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #interval: number;
  #heard: number = performance.now();
  #asked: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#interval = options.seconds * 1000;
    this.#wait(this.#interval);
  }

  /** Something came. */
  heard(): void {
    this.#heard = performance.now();
    this.#asked = undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.max(1, milliseconds));
  }

  #look(): void {
    const now = performance.now();
    const rest = (this.#asked ?? this.#heard) + this.#interval - now;
    if (rest <= 0) {
      if (this.#asked === undefined) {
        this.#asked = now;
        this.#options.ask();
      } else if (this.#options.isAlive()) {
        this.heard();
      } else {
        this.#options.gone();
        return;
      }
    }
    this.#wait(rest > 0 ? rest : this.#interval);
  }
}
