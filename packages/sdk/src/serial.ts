/** Runs tasks one after the other, each when the one before has ended, however it ended. */
export class Serial {
  readonly #urgent: (() => Promise<void>)[] = [];
  readonly #others: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;

  /** @param urgent whether the task goes before those that are not, behind those that are */
  run<T>(task: () => Promise<T>, urgent = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      (urgent ? this.#urgent : this.#others).push(() => task().then(resolve, reject));
      this.#running ??= this.#work();
    });
  }

  /** Resolves when everything that was handed in so far has ended. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #work(): Promise<void> {
    // the caller gets its promise before its task begins
    await undefined;
    for (let task = this.#next(); task !== undefined; task = this.#next()) await task();
    this.#running = undefined;
  }

  #next(): (() => Promise<void>) | undefined {
    return this.#urgent.shift() ?? this.#others.shift();
  }
}
