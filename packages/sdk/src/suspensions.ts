import type { DimpError } from '@dimp/crypto';
import { type InstantMessage, isFileContent } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import type { Facebook } from './default-facebook.js';
import type { Emitter } from './emitter.js';
import { asDimpError, type WaitingError } from './errors.js';
import type { MessengerEvents } from './events.js';
import { Inquiries } from './inquiries.js';
import { failureOf, noteChange } from './kept-messages.js';
import { isHere } from './message-receiver.js';
import type { MessengerOptions } from './messenger-options.js';
import type { Missing } from './resolver.js';
import type { NewWaiting, WaitingMessage } from './waiting-list.js';
import { type Waiter, WaitingRoom } from './waiting-room.js';
import type { Work, Works } from './work.js';

/** A message that is to wait. */
export interface Suspension {
  readonly waiting: NewWaiting;
  /** Goes on with it. @param number on the waiting list, if it is there */
  resume(number: number | undefined): Promise<void>;
}

/** What suspensions work with. */
export interface SuspensionsParts {
  readonly works: Works;
  readonly facebook: Facebook;
  readonly events: Emitter<MessengerEvents>;
  readonly options: Pick<MessengerOptions, 'waiting' | 'resolver'>;
}

/** Lets messages wait for what is missing, asks for it, and tells the application. */
export class Suspensions {
  readonly #parts: SuspensionsParts;
  readonly #waiting: WaitingRoom;
  readonly #inquiries: Inquiries;
  /** What is on the waiting list and waits here, is about to, or just went on. */
  readonly #known = new Set<Pick<WaitingMessage, 'number'>>();

  constructor(parts: SuspensionsParts) {
    const { waiting, resolver } = parts.options;
    this.#parts = parts;
    this.#waiting = new WaitingRoom(waiting);
    this.#inquiries = new Inquiries(resolver, waiting?.patience);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Lets a message wait, as part of a work. */
  async wait(suspension: Suspension, work: Work): Promise<void> {
    const { waiting } = suspension;
    const { direction, missing, message } = waiting;
    const listed = isKeepable(waiting) ? await work.waitingList?.add(waiting) : undefined;
    if (listed !== undefined) {
      this.#known.add(listed);
      work.whenLost(() => this.#known.delete(listed));
    }
    work.whenSaved(() => {
      this.#parts.events.emit('suspended', { direction, waitingFor: missing.id, message });
    });
    work.whenShown(() => {
      const waiter = this.#enter(suspension, listed, 0);
      work.whenLost(() => this.#waiting.remove(waiter));
    });
  }

  /** Lets a message wait on that did so in an earlier run. */
  restore(waiting: WaitingMessage, resume: Suspension['resume']): void {
    if ([...this.#known].some(({ number }) => number === waiting.number)) return;
    this.#known.add(waiting);
    this.#enter({ waiting, resume }, waiting, Math.max(0, Date.now() / 1000 - waiting.since));
  }

  /** A member who was left out: nothing waits, but what is missing of him is asked for, for the next message. */
  report(member: ID, message: InstantMessage): void {
    this.#parts.events.emit('suspended', { direction: 'out', waitingFor: member, message });
    void this.attempt(async () => {
      const hasMeta = await isHere({ what: 'meta', id: member }, this.#parts.facebook);
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
      this.#parts.events.emit('rejected', { direction: 'out', error: asDimpError(error) });
    }
  }

  /** Ends the waiting. What is on the waiting list waits on in the next run, the others come to nothing. */
  close(): void {
    this.#waiting.close();
  }

  #enter({ waiting, resume }: Suspension, listed: Listed, waited: number): Waiter {
    const { direction, missing, message } = waiting;
    const rejected = (error: DimpError): void =>
      this.#parts.events.emit('rejected', { direction, error, message });
    const waiter: Waiter = {
      missing,
      resume: () => {
        const gone = resume(listed?.number).catch(error => rejected(asDimpError(error)));
        if (listed !== undefined) void gone.finally(() => this.#known.delete(listed));
      },
      giveUp: error => void this.#giveUp(waiting, listed, error),
    };
    this.#waiting.add(waiter, waited);
    void this.attempt(async () => {
      // it may have come while the message was on its way here
      if (await isHere(missing, this.#parts.facebook)) this.arrived(missing);
      else await this.#inquiries.ask(missing);
    });
    return waiter;
  }

  async #giveUp(waiting: NewWaiting, listed: Listed, error: WaitingError): Promise<void> {
    const { works, events } = this.#parts;
    const { direction, message } = waiting;
    const place = waiting.direction === 'out' ? waiting.place : undefined;
    if (listed !== undefined && error.code === 'ERR_WAITING_CLOSED') return;
    const tell = (reason: DimpError): void => events.emit('rejected', { direction, error: reason, message });
    if (listed === undefined && place === undefined) return tell(error);
    try {
      const work = await works.begin();
      if (listed !== undefined) await work.waitingList?.remove(listed.number);
      await noteChange(place, { state: 'failed', failure: failureOf(error) }, work, events);
      const { saved } = await work.end();
      await saved;
      tell(error);
    } catch (reason) {
      tell(asDimpError(reason));
    } finally {
      if (listed !== undefined) this.#known.delete(listed);
    }
  }
}

/** On the waiting list; undefined when it is not there. */
type Listed = Pick<WaitingMessage, 'number'> | undefined;

/** A file that is read from a stream is known to this run only. */
function isKeepable(waiting: NewWaiting): boolean {
  if (waiting.direction === 'in') return true;
  const { content } = waiting.message;
  return !(isFileContent(content) && content.source !== undefined);
}
