import type { Awaitable } from '@dimp/mkm';

/**
 * A bounded cache of loads. Two loads of one key at the same time are one load; what is missing or fails
 * is not remembered, so that it is asked for again.
 */
export class SingleFlight<T> {
  readonly #capacity: number;
  readonly #values = new Map<string, T>();
  readonly #flights = new Map<string, Promise<T | undefined>>();

  /** @param capacity how many values are kept; the oldest go first */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The cached value at once, or what `load` gives. */
  get(key: string, load: () => Awaitable<T | undefined>): Awaitable<T | undefined> {
    return this.#values.get(key) ?? this.#flights.get(key) ?? this.#start(key, load);
  }

  /** The cached value, without loading any. */
  peek(key: string): T | undefined {
    return this.#values.get(key);
  }

  /** Puts a value in place; loads under way no longer count. */
  set(key: string, value: T): void {
    this.#flights.delete(key);
    this.#values.delete(key);
    if (this.#values.size >= this.#capacity) {
      const oldest = this.#values.keys().next();
      if (!oldest.done) this.#values.delete(oldest.value);
    }
    this.#values.set(key, value);
  }

  /** Forgets a value; loads under way no longer count. */
  delete(key: string): void {
    this.#flights.delete(key);
    this.#values.delete(key);
  }

  /** Drops every second value and tells how many are left. */
  reduce(): number {
    let drop = false;
    for (const key of this.#values.keys()) {
      if (drop) this.#values.delete(key);
      drop = !drop;
    }
    return this.#values.size;
  }

  #start(key: string, load: () => Awaitable<T | undefined>): Promise<T | undefined> {
    const flight: Promise<T | undefined> = this.#run(key, load, () => this.#flights.get(key) === flight);
    this.#flights.set(key, flight);
    return flight;
  }

  async #run(
    key: string,
    load: () => Awaitable<T | undefined>,
    isCurrent: () => boolean,
  ): Promise<T | undefined> {
    // the flight must be on record before anything else can ask
    await undefined;
    try {
      const value = await load();
      if (isCurrent() && value !== undefined) this.set(key, value);
      return value;
    } finally {
      if (isCurrent()) this.#flights.delete(key);
    }
  }
}
