import { setImmediate, setTimeout } from 'node:timers/promises';

/** How a slow lane is made. */
export interface SlowLaneOptions {
  /** Works under way at once: so many share a sync of the disk. */
  readonly width: number;
  /** Counts up with the traffic that must not wait. */
  readonly traffic: () => number;
}

/** Milliseconds that the lane leaves to others after a work when they have something to do. */
const restMilliseconds = 3;

/**
 * Where works wait that cost much, such as those with private keys: a handshake takes as long as relaying fifty
 * messages. They are begun one by one, with everything that came from the network in between; while there is traffic
 * with a rest, so that ten thousand of them leave most of the time to it. Each origin is served in turn: who sends
 * thousands waits for himself.
 */
export class SlowLane {
  readonly #options: SlowLaneOptions;
  /** Works by origin. The origin that was served last stands at the end. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #running = 0;
  #isBeginning = false;

  constructor(options: SlowLaneOptions) {
    this.#options = options;
  }

  /** @param origin whose turns it takes */
  async run<T>(origin: string, work: () => Promise<T>): Promise<T> {
    await new Promise<void>(begin => {
      const works = this.#waiting.get(origin);
      if (works === undefined) this.#waiting.set(origin, [begin]);
      else works.push(begin);
      void this.#beginAll();
    });
    try {
      return await work();
    } finally {
      this.#running--;
      void this.#beginAll();
    }
  }

  async #beginAll(): Promise<void> {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    while (this.#running < this.#options.width && this.#waiting.size > 0) {
      this.#begin();
      const before = this.#options.traffic();
      await setImmediate();
      if (this.#options.traffic() !== before) await setTimeout(restMilliseconds);
    }
    this.#isBeginning = false;
  }

  #begin(): void {
    const [origin, works] = this.#waiting.entries().next().value as [string, (() => void)[]];
    const begin = works.shift();
    this.#waiting.delete(origin);
    if (works.length > 0) this.#waiting.set(origin, works);
    this.#running++;
    begin?.();
  }
}
