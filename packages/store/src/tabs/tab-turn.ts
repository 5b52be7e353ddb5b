import { StoreError, silentTab } from '../errors.js';
import { HeldLock } from './held-lock.js';
import type { TabHost } from './tab-host.js';

/** What a turn asks of those who talk to other tabs. */
export interface TurnTalk {
  readonly host: Pick<TabHost, 'locks' | 'after'>;
  /** The name of the lock, the same in all tabs. */
  readonly name: string;
  /** Tells the others that this tab waits for its turn, or that it has it now. */
  say(kind: 'want' | 'turn'): void;
  /** Milliseconds to wait for the turn: another tab passes it on after each change, if it does not hang. */
  readonly patience: number;
  /** Called with each new turn: others may have changed things meanwhile. */
  onTurn(): void;
}

/**
 * Which tab may change things. The turn is a Web Lock, so it outlives the tab that has the database, and ends with the
 * tab that has the turn.
 *
 * A tab keeps its turn until another wants it: as long as one tab writes, nothing is said and nothing waits.
 */
export class TabTurn {
  readonly #talk: TurnTalk;
  #lock: HeldLock | undefined;
  #waiting: { readonly lock: HeldLock; readonly taken: Promise<void> } | undefined;
  #users = 0;
  #isWanted = false;
  #isClosed = false;

  constructor(talk: TurnTalk) {
    this.#talk = talk;
  }

  /**
   * Resolves when it is this tab's turn, which lasts until `give` was called as often.
   * @throws {StoreError} `ERR_STORE_CLOSED`, `ERR_STORE_SILENT`
   */
  async take(): Promise<void> {
    while (this.#lock === undefined || this.#isWanted) {
      if (this.#isClosed) throw new StoreError('ERR_STORE_CLOSED', 'The store was closed.');
      await this.#inTime((this.#waiting ?? this.#wait()).taken);
    }
    this.#users++;
  }

  /** Who gives up may still get the turn, and then passes it on when it is wanted. */
  #inTime(taken: Promise<void>): Promise<void> {
    const { host, patience } = this.#talk;
    return new Promise((resolve, reject) => {
      const stop = host.after(patience, () => reject(silentTab()));
      taken.then(resolve, reject).finally(stop);
    });
  }

  give(): void {
    this.#users--;
    this.#pass();
  }

  /** Another tab waits for its turn. */
  want(): void {
    if (this.#lock === undefined) return;
    this.#isWanted = true;
    this.#pass();
  }

  /** Another tab has its turn, and does not know yet who waits. */
  remind(): void {
    if (this.#waiting !== undefined) this.#talk.say('want');
  }

  /** Gives it up for good. */
  close(): void {
    this.#isClosed = true;
    this.#waiting?.lock.release();
    this.#lock?.release();
    this.#lock = undefined;
  }

  #pass(): void {
    if (this.#users > 0 || !this.#isWanted) return;
    this.#lock?.release();
    this.#lock = undefined;
    this.#isWanted = false;
  }

  #wait(): { readonly taken: Promise<void> } {
    const lock = new HeldLock(this.#talk.host.locks, this.#talk.name);
    const taken = this.#enter(lock);
    this.#waiting = { lock, taken };
    this.#talk.say('want');
    return this.#waiting;
  }

  async #enter(lock: HeldLock): Promise<void> {
    try {
      if (!(await lock.take()) || this.#isClosed) return lock.release();
      this.#lock = lock;
      this.#talk.onTurn();
      this.#talk.say('turn');
    } finally {
      this.#waiting = undefined;
    }
  }
}
