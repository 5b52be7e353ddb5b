/** Takes a package; a promise that comes back resolves when it has been taken care of. */
export type PackageListener = (data: Uint8Array) => unknown;

/** Hands what came in to those who listen. */
export class Arrivals {
  /** Each entry is one subscription, so that a function that listens twice can stop once. */
  readonly #listeners = new Set<{ readonly listener: PackageListener }>();
  readonly #underWay = new Set<Promise<unknown>>();

  /** How many packages are in the hands of listeners. */
  get pending(): number {
    return this.#underWay.size;
  }

  subscribe(listener: PackageListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Calls all listeners at once; tells whether each has taken care of it, and at least one was there. */
  async deliver(data: Uint8Array): Promise<boolean> {
    const listeners = [...this.#listeners];
    const calls = Promise.all(listeners.map(({ listener }) => call(listener, data)));
    this.#underWay.add(calls);
    const taken = await calls;
    this.#underWay.delete(calls);
    return taken.length > 0 && taken.every(Boolean);
  }

  /** Resolves when everything that came so far has been taken care of. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}

/** Whether a listener took it. One that throws keeps neither the others nor the connection from going on. */
async function call(listener: PackageListener, data: Uint8Array): Promise<boolean> {
  let outcome: unknown;
  try {
    outcome = listener(data);
  } catch (error) {
    // a mistake in it, raised where the platform reports uncaught ones
    queueMicrotask(() => {
      throw error;
    });
    return false;
  }
  // the promise of a listener is told why it failed by whoever made it; here it only counts that it did
  return Promise.resolve(outcome).then(
    () => true,
    () => false,
  );
}
