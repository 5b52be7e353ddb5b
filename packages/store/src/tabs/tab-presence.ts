import { HeldLock } from './held-lock.js';
import type { TabLocks } from './tab-host.js';

/** Which tabs are open: each holds a lock with its name for as long as it is, however it ends. */
export class TabPresence {
  readonly #locks: TabLocks;
  readonly #prefix: string;
  readonly #lock: HeldLock;

  /** @param name of what they share @param id of this tab */
  constructor(locks: TabLocks, name: string, id: string) {
    this.#locks = locks;
    this.#prefix = `${name} tab `;
    this.#lock = new HeldLock(locks, this.#prefix + id);
  }

  /** Resolves with false when it was left before. */
  enter(): Promise<boolean> {
    return this.#lock.take();
  }

  leave(): void {
    this.#lock.release();
  }

  /** The ids of all tabs that are open, this one included. */
  async members(): Promise<ReadonlySet<string>> {
    const { held = [] } = await this.#locks.query();
    const names = held.map(({ name = '' }) => name).filter(name => name.startsWith(this.#prefix));
    return new Set(names.map(name => name.slice(this.#prefix.length)));
  }
}
