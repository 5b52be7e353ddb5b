/** Runs tasks one after the other, each when the one before has ended, however it ended. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything that was handed in so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
