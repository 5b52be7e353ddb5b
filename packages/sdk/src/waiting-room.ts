import type { ID } from '@dimp/mkm';
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

  constructor(options: WaitingRoomOptions = {}) {
    this.#capacity = options.capacity ?? 1000;
    this.#patience = options.patience ?? 600;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Lets a message wait; tells whether it is the first to wait for this, so that it is asked for once. */
  add(waiter: Waiter): boolean {
    const isFirst = ![...this.#entries].some(({ waiter: { missing } }) => isSame(missing, waiter.missing));
    const [oldest] = this.#entries;
    if (this.#entries.size >= this.#capacity && oldest !== undefined) this.#giveUp(oldest, 'crowded');
    this.#entries.add({ waiter, deadline: Date.now() + this.#patience * 1000 });
    this.#schedule();
    return isFirst;
  }

  /** Something came: the messages that waited for it go on, in order. */
  arrived(what: Missing['what'], id: ID): void {
    const ready = [...this.#entries].filter(({ waiter: { missing } }) => isSame(missing, { what, id }));
    for (const entry of ready) this.#entries.delete(entry);
    for (const { waiter } of ready) waiter.resume();
  }

  /** Ends all messages that wait. */
  close(): void {
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
    this.#timer = setTimeout(() => this.#expire(), Math.max(0, oldest.deadline - Date.now()));
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

function isSame(a: Missing, b: Missing): boolean {
  return a.what === b.what && a.id.key === b.id.key;
}
