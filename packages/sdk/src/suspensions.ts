import type { DimpError } from '@dimp/crypto';
import type { InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import type { Emitter } from './emitter.js';
import type { MessengerEvents } from './events.js';
import type { Facebook } from './facebook.js';
import { Inquiries } from './inquiries.js';
import { isHere } from './message-receiver.js';
import { asDimpError } from './message-sender.js';
import type { MessengerOptions } from './messenger-options.js';
import type { Missing } from './resolver.js';
import { WaitingRoom } from './waiting-room.js';

/** A message that is to wait. */
export interface Suspension {
  readonly direction: 'in' | 'out';
  readonly missing: Missing;
  readonly message: ReliableMessage | InstantMessage;
  /** Goes on with it. */
  resume(): Promise<void>;
}

/** Lets messages wait for what is missing, asks for it, and tells the application. */
export class Suspensions {
  readonly #facebook: Facebook;
  readonly #events: Emitter<MessengerEvents>;
  readonly #waiting: WaitingRoom;
  readonly #inquiries: Inquiries;

  constructor(
    facebook: Facebook,
    events: Emitter<MessengerEvents>,
    options: Pick<MessengerOptions, 'waiting' | 'resolver'>,
  ) {
    this.#facebook = facebook;
    this.#events = events;
    this.#waiting = new WaitingRoom(options.waiting);
    this.#inquiries = new Inquiries(options.resolver, options.waiting?.patience);
  }

  get size(): number {
    return this.#waiting.size;
  }

  wait({ direction, missing, message, resume }: Suspension): void {
    const rejected = (error: DimpError): void => this.#events.emit('rejected', { direction, error, message });
    this.#events.emit('suspended', { direction, waitingFor: missing.id, message });
    this.#waiting.add({
      missing,
      resume: () => void resume().catch(error => rejected(asDimpError(error))),
      giveUp: rejected,
    });
    void this.attempt(async () => {
      // it may have come while the message was on its way here
      if (await isHere(missing, this.#facebook)) this.arrived(missing);
      else await this.#inquiries.ask(missing);
    });
  }

  /** A member who was left out: nothing waits, but what is missing of him is asked for, for the next message. */
  report(member: ID, message: InstantMessage): void {
    this.#events.emit('suspended', { direction: 'out', waitingFor: member, message });
    void this.attempt(async () => {
      const hasMeta = await isHere({ what: 'meta', id: member }, this.#facebook);
      await this.#inquiries.ask({ what: hasMeta ? 'profile' : 'meta', id: member });
    });
  }

  /** Something came: what waited for it goes on. */
  arrived(thing: Missing): void {
    this.#inquiries.arrived(thing);
    this.#waiting.arrived(thing);
  }

  /** Does something that nobody waits for; the application hears when it fails. */
  async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#events.emit('rejected', { direction: 'out', error: asDimpError(error) });
    }
  }

  /** Ends all messages that wait. */
  close(): void {
    this.#waiting.close();
  }
}
