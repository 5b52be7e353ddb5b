import type { ReliableMessage } from '@dimp/dkd';
import type { Awaitable } from '@dimp/mkm';
import type { MessagePlace } from './conversations.js';

/** A package that is to be handed to the transport. */
export interface NewParcel {
  readonly message: ReliableMessage;
  /** Whether nothing of the same message comes behind: one to a group may go out in parts. */
  readonly isLast: boolean;
  /** Of the message in its conversation. */
  readonly place?: MessagePlace;
}

/** A package that waits in an outbox. */
export interface Parcel extends NewParcel {
  /** Goes up. */
  readonly number: number;
}

/**
 * A port: packages that are on their way to the transport. They are kept encrypted and signed, so that one that went
 * out twice, since the program ended before it could be noted, is recognised by its receiver.
 */
export interface Outbox {
  /** Puts a package behind the others. In a unit of a store its number is there when the unit is merged. */
  add(parcel: NewParcel): Awaitable<Parcel>;
  /** All that are there for this program to send, in order; where several share an outbox, not those of the others. */
  list(): Awaitable<readonly Parcel[]>;
  /** One that is not there is left alone. */
  remove(number: number): Awaitable<void>;
}

/** An outbox in memory: it is empty when the program begins. */
export class MemoryOutbox implements Outbox {
  readonly #parcels = new Map<number, Parcel>();
  #last = 0;

  add(parcel: NewParcel): Parcel {
    this.#last++;
    const added = { ...parcel, number: this.#last };
    this.#parcels.set(this.#last, added);
    return added;
  }

  list(): readonly Parcel[] {
    return [...this.#parcels.values()];
  }

  remove(number: number): void {
    this.#parcels.delete(number);
  }
}
