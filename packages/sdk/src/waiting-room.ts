import { WaitingError } from './errors.js';
import type { Missing } from './resolver.js';

/** How a waiting room is bounded. */
export interface WaitingRoomOptions {
  /** Messages that wait at most; when one more comes the oldest is given up. */
  readonly capacity?: number;
  /** Seconds that a message waits for one missing thing. */
  readonly patience?: number;
}

/** A message that waits. */
export interface Waiter {
  readonly missing: Missing;
  /** Goes on with the message. */
  resume(): void;
  /** Ends it. */
  giveUp(error: WaitingError): void;
}

interface Entry {
  readonly waiter: Waiter;
  readonly deadline: number;
}

/** Messages that wait for something of others, in the order in which they came. */
export class WaitingRoom {
  readonly #capacity: number;
  readonly #patience: number;
  readonly #entries = new Set<Entry>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: WaitingRoomOptions = {}) {
    this.#capacity = options.capacity ?? 1000;
    this.#patience = options.patience ?? 600;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Lets a message wait. @param waited seconds that it has waited already; such messages come first */
  add(waiter: Waiter, waited = 0): void {
    const entry: Entry = { waiter, deadline: Date.now() + (this.#patience - waited) * 1000 };
    if (this.#isClosed) {
      this.#giveUp(entry, 'closed');
      return;
    }
    const [oldest] = this.#entries;
    if (this.#entries.size >= this.#capacity && oldest !== undefined) this.#giveUp(oldest, 'crowded');
    this.#entries.add(entry);
    if (waited > 0) this.#stopTimer();
    this.#schedule();
  }

  /** Takes a message out, neither going on with it nor ending it. */
  remove(waiter: Waiter): void {
    for (const entry of this.#entries) if (entry.waiter === waiter) this.#entries.delete(entry);
  }

  /** Something came: the messages that waited for it go on, in order. */
  arrived(thing: Missing): void {
    const ready = [...this.#entries].filter(({ waiter }) => isSame(waiter.missing, thing));
    for (const entry of ready) this.#entries.delete(entry);
    for (const { waiter } of ready) waiter.resume();
  }

  /** Ends all messages that wait, and those that come to wait later. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
    for (const entry of [...this.#entries]) this.#giveUp(entry, 'closed');
  }

  #giveUp(entry: Entry, reason: 'expired' | 'crowded' | 'closed'): void {
    this.#entries.delete(entry);
    entry.waiter.giveUp(new WaitingError(entry.waiter.missing.id.text, reason));
  }

  /** One timer, for the entry whose time runs out first. */
  #schedule(): void {
    if (this.#entries.size === 0 || this.#timer !== undefined) return;
    let first = Number.POSITIVE_INFINITY;
    for (const { deadline } of this.#entries) first = Math.min(first, deadline);
    const left = Math.max(0, first - Date.now());
    this.#timer = setTimeout(() => this.#expire(), Math.min(left, longestTimer));
    // in Node a message that waits does not keep the program alive
    (this.#timer as { unref?(): void }).unref?.();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = undefined;
    const now = Date.now();
    for (const entry of [...this.#entries]) if (entry.deadline <= now) this.#giveUp(entry, 'expired');
    this.#schedule();
  }
}

/** Milliseconds; the platform takes longer ones for none. */
const longestTimer = 2 ** 31 - 1;

function isSame(a: Missing, b: Missing): boolean {
  return a.what === b.what && a.id.key === b.id.key;
}
