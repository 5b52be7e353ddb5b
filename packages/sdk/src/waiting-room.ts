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

  /** Lets a message wait. */
  add(waiter: Waiter): void {
    const entry: Entry = { waiter, deadline: Date.now() + this.#patience * 1000 };
    if (this.#isClosed) {
      this.#giveUp(entry, 'closed');
      return;
    }
    const [oldest] = this.#entries;
    if (this.#entries.size >= this.#capacity && oldest !== undefined) this.#giveUp(oldest, 'crowded');
    this.#entries.add(entry);
    this.#schedule();
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const entry of [...this.#entries]) this.#giveUp(entry, 'closed');
  }

  #giveUp(entry: Entry, reason: 'expired' | 'crowded' | 'closed'): void {
    this.#entries.delete(entry);
    entry.waiter.giveUp(new WaitingError(entry.waiter.missing.id.text, reason));
  }

  /** One timer, for the entry that has waited longest: all have the same patience. */
  #schedule(): void {
    const [oldest] = this.#entries;
    if (oldest === undefined || this.#timer !== undefined) return;
    const left = Math.max(0, oldest.deadline - Date.now());
    this.#timer = setTimeout(() => this.#expire(), Math.min(left, longestTimer));
    // in Node a message that waits does not keep the program alive
    (this.#timer as { unref?(): void }).unref?.();
  }

  #expire(): void {
    this.#timer = undefined;
    const now = Date.now();
    for (const entry of [...this.#entries]) {
      if (entry.deadline > now) break;
      this.#giveUp(entry, 'expired');
    }
    this.#schedule();
  }
}

/** Milliseconds; the platform takes longer ones for none. */
const longestTimer = 2 ** 31 - 1;

function isSame(a: Missing, b: Missing): boolean {
  return a.what === b.what && a.id.key === b.id.key;
}
