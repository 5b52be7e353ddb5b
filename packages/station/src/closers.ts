/** What was opened, to be closed in reverse order. */
export class Closers {
  readonly #closers: (() => unknown)[] = [];

  /** @param close what closes the thing that was opened just now */
  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes everything, also when one fails. @throws the first error, or all of them as the cause of one */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, 'More than one part did not close in order.');
  }
}

/** Waits until a work has ended, for so many seconds at most. */
export async function atMost(seconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<void>(resolve => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  try {
    await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
