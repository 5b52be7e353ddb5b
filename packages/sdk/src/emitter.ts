import { checkName } from './check-arguments.js';

/** Calls listeners by the name of what happened. */
export class Emitter<Events extends object> {
  readonly #names: Readonly<Record<keyof Events, true>>;
  /** Each entry is one call of `on`, so that a function that listens twice can stop once. */
  readonly #listeners = new Map<keyof Events, Set<{ readonly listener: (event: never) => void }>>();

  /** @param names of all that can happen, so that a name misspelt is found */
  constructor(names: Readonly<Record<keyof Events, true>>) {
    this.#names = names;
  }

  /**
   * Calls the listener whenever this happens, until the function that comes back is called.
   * @throws {TypeError} a name of nothing that happens, something else than a function
   */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    checkName(name as string, this.#names, 'event');
    if (typeof listener !== 'function') {
      throw new TypeError(
        `listener: expected a function for ${JSON.stringify(name)}, got ${typeof listener}`,
      );
    }
    const listeners = this.#listeners.get(name) ?? new Set();
    const entry = { listener };
    listeners.add(entry);
    this.#listeners.set(name, listeners);
    return () => {
      listeners.delete(entry);
    };
  }

  /**
   * The next time this happens.
   * @throws what the signal was aborted with
   */
  once<Name extends keyof Events>(
    name: Name,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Events[Name]> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = this.on(name, event => {
        stop();
        signal?.removeEventListener('abort', abort);
        resolve(event);
      });
      const abort = (): void => {
        stop();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /**
   * Calls all listeners. One that throws does not keep the others from being called, nor the caller from
   * going on: its error is raised on its own, where the platform reports uncaught ones.
   */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const { listener } of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (event: Events[Name]) => void)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
