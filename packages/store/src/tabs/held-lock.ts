import type { TabLocks } from './tab-host.js';

/** A lock from when it was given until it is released, as a value instead of a callback. */
export class HeldLock {
  readonly #locks: TabLocks;
  readonly #name: string;
  readonly #abort = new AbortController();
  #release: (() => void) | undefined;

  constructor(locks: TabLocks, name: string) {
    this.#locks = locks;
    this.#name = name;
  }

  get isHeld(): boolean {
    return this.#release !== undefined;
  }

  /** Resolves with the lock held, or with false when it was released before its time came. */
  async take(): Promise<boolean> {
    try {
      return await new Promise<boolean>((resolve, reject) => {
        const held = (): Promise<void> => {
          const until = new Promise<void>(release => {
            this.#release = release;
          });
          resolve(true);
          return until;
        };
        this.#locks.request(this.#name, { signal: this.#abort.signal }, held).catch(reject);
      });
    } catch (error) {
      if (this.#abort.signal.aborted) return false;
      throw error;
    }
  }

  /** Gives it up, or ends the waiting for it. A released one is not taken again. */
  release(): void {
    this.#abort.abort();
    this.#release?.();
    this.#release = undefined;
  }
}
