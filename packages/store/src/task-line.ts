import { type Awaitable, isPending } from '@dimp/mkm';

/** Runs tasks one after the other, however they end; at once when nothing is to be waited for. */
export class TaskLine {
  #tail: Promise<void> | undefined;

  /** Resolves when everything that came before has ended; undefined when it has. */
  get busy(): Promise<void> | undefined {
    return this.#tail;
  }

  /** @throws what the task throws */
  run<T>(task: () => Awaitable<T>): Awaitable<T> {
    const run = this.#tail === undefined ? task() : this.#tail.then(task);
    if (isPending(run)) this.#follow(run);
    return run;
  }

  #follow(run: PromiseLike<unknown>): void {
    const end = (): void => {
      if (this.#tail === tail) this.#tail = undefined;
    };
    // whoever asked for the task hears of its failure; the next one does not depend on it
    const tail: Promise<void> = Promise.resolve(run).then(end, end);
    this.#tail = tail;
  }
}
