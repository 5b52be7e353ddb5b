import { atMost } from './closers.js';

/** Milliseconds between two sweeps, and until the first: a start is not to be slowed down by it. */
const every = 3_600_000;
const first = 60_000;
/** Seconds that a sweep has to end when the station stops. */
const stopSeconds = 5;

/** What can be swept: it removes what is too old. */
export interface Sweepable {
  sweep(now: number): Promise<unknown>;
}

/** Sweeps everything once an hour. */
export class StationSweeps {
  readonly #parts: readonly Sweepable[];
  readonly #clock: () => number;
  readonly #report: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** @param clock seconds since 1970 @param report hears of a sweep that failed */
  constructor(parts: readonly Sweepable[], clock: () => number, report: (error: unknown) => void) {
    this.#parts = parts;
    this.#clock = clock;
    this.#report = report;
    this.#wait(first);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await atMost(stopSeconds, this.#underWay);
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#underWay = this.#sweep();
    }, milliseconds);
    this.#timer.unref();
  }

  async #sweep(): Promise<void> {
    for (const part of this.#parts) {
      if (this.#isClosed) return;
      try {
        await part.sweep(this.#clock());
      } catch (error) {
        this.#report(error);
      }
    }
    if (!this.#isClosed) this.#wait(every);
  }
}
