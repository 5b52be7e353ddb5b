/** Messages that are kept until the next sweep: enough that it costs nothing, few enough that little is left too long. */
const interval = 1000;

/**
 * Lets retention have its way in conversations in which nothing is said any more: when a store is opened, and again
 * after so many messages. Shared by all of a store.
 */
export class Sweeper {
  #sweep: (() => Promise<void>) | undefined;
  #count = 0;

  /** What a sweep is, from now on; the first begins now. */
  start(sweep: () => Promise<void>): void {
    this.#sweep = sweep;
    this.#run();
  }

  /** A message was kept. */
  note(): void {
    this.#count++;
    if (this.#count >= interval) this.#run();
  }

  #run(): void {
    this.#count = 0;
    // what could not be removed goes with the next sweep; whoever writes hears why writing fails
    this.#sweep?.().catch(() => undefined);
  }
}
