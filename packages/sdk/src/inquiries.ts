import { RecentSet } from './recent-set.js';
import type { Missing, Resolver } from './resolver.js';

/** Asks a resolver for what is missing: for each thing once, and again when it did not come in time. */
export class Inquiries {
  readonly #resolver: Resolver | undefined;
  readonly #asked: RecentSet;

  /** @param patience seconds for which an answer is awaited */
  constructor(resolver: Resolver | undefined, patience = 600) {
    this.#resolver = resolver;
    this.#asked = new RecentSet({ window: patience, clock: () => Date.now() / 1000 });
  }

  /** Throws what the resolver throws; then the thing may be asked for again at once. */
  async ask(missing: Missing): Promise<void> {
    const name = nameOf(missing);
    if (this.#resolver === undefined || this.#asked.has(name)) return;
    this.#asked.add(name);
    try {
      await this.#resolver.request(missing);
    } catch (error) {
      this.#asked.delete(name);
      throw error;
    }
  }

  /** Something came; if it is missing again it is asked for again. */
  arrived(thing: Missing): void {
    this.#asked.delete(nameOf(thing));
  }
}

function nameOf({ what, id }: Missing): string {
  return `${what} ${id.key}`;
}
