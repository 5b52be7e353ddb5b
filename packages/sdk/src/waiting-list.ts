import type { InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { Awaitable } from '@dimp/mkm';
import type { MessagePlace } from './conversations.js';
import type { Arrival } from './received.js';
import type { Missing } from './resolver.js';

/** What every message on a waiting list has. */
interface WaitingHead {
  readonly missing: Missing;
  /** When it began to wait for this, in seconds since 1970. */
  readonly since: number;
}

/** A message that came in and cannot be opened yet. */
export interface WaitingArrival extends WaitingHead {
  readonly direction: 'in';
  readonly message: ReliableMessage;
  readonly arrival: Arrival;
}

/** A message that cannot be encrypted yet. */
export interface WaitingDeparture extends WaitingHead {
  readonly direction: 'out';
  readonly message: InstantMessage;
  /** As in `SendOptions`. */
  readonly split: boolean;
  /** In its conversation. */
  readonly place?: MessagePlace;
}

/** A message that is to wait. */
export type NewWaiting = WaitingArrival | WaitingDeparture;

/** A message that waits. */
export type WaitingMessage = NewWaiting & {
  /** Goes up. */
  readonly number: number;
};

/** A port: messages that wait for something of others, so that they still do when the program is started again. */
export interface WaitingList {
  /** In a unit of a store its number is there when the unit is merged. */
  add(message: NewWaiting): Awaitable<WaitingMessage>;
  /** All that wait, in the order in which they came. */
  list(): Awaitable<readonly WaitingMessage[]>;
  /** One that is not there is left alone. */
  remove(number: number): Awaitable<void>;
}

/** A waiting list in memory, to see what a messenger puts there. */
export class MemoryWaitingList implements WaitingList {
  readonly #messages = new Map<number, WaitingMessage>();
  #last = 0;

  add(message: NewWaiting): WaitingMessage {
    this.#last++;
    const added = { ...message, number: this.#last };
    this.#messages.set(this.#last, added);
    return added;
  }

  list(): readonly WaitingMessage[] {
    return [...this.#messages.values()];
  }

  remove(number: number): void {
    this.#messages.delete(number);
  }
}
