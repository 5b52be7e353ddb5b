/** Does one work at a time for each key. */
export class KeyedLock {
  readonly #last = new Map<string, Promise<void>>();

  /** Whether a work for this key is under way, or waits. */
  isTaken(key: string): boolean {
    return this.#last.has(key);
  }

  /** The work's outcome, once it is its turn. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    let done = (): void => {};
    const mine = new Promise<void>(resolve => {
      done = resolve;
    });
    this.#last.set(key, mine);
    await before;
    try {
      return await work();
    } finally {
      done();
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
