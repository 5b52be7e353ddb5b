import type { DimpError } from '@dimp/crypto';
import type { InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import type { MessagePlace } from './conversations.js';
import type { Facebook } from './default-facebook.js';
import { Deliveries } from './deliveries.js';
import { deliverDirectly } from './direct-delivery.js';
import type { Emitter } from './emitter.js';
import { asDimpError, closedError } from './errors.js';
import type { MessengerEvents } from './events.js';
import { failureOf, keepSent, noteChange } from './kept-messages.js';
import { missingOf } from './message-receiver.js';
import type { SendOptions } from './messenger-options.js';
import type { Parcel } from './outbox.js';
import type { Outgoing } from './outgoing.js';
import type { Sent } from './received.js';
import type { Missing } from './resolver.js';
import { Serial } from './serial.js';
import type { Suspensions } from './suspensions.js';
import type { Work, Works } from './work.js';

/** A message that is to go out. */
export interface Departure {
  readonly message: InstantMessage;
  readonly options: SendOptions;
  /** In its conversation, when it was kept before. */
  readonly place?: MessagePlace;
  /** On the waiting list, when it waited. */
  readonly waiting?: number;
}

/** What dispatching works with. */
export interface DispatchParts {
  readonly works: Works;
  readonly facebook: Facebook;
  readonly outgoing: Outgoing;
  readonly suspensions: Suspensions;
  readonly events: Emitter<MessengerEvents>;
  readonly clock: () => number;
}

/** A message that was packed and kept; `send` is called when that is saved. */
interface Ready {
  send(): Promise<Sent>;
}

/** Takes messages from the application to the transport: packs them, keeps them, lets them wait or go. */
export class Dispatch {
  readonly deliveries: Deliveries;
  readonly #parts: DispatchParts;
  /** Messages are packed one after the other, so that they are in the outbox in the order in which they were sent. */
  readonly #packing = new Serial();
  /** Messages that are sent after waiting go one after the other, so that their order holds. */
  readonly #resent = new Serial();
  #isClosed = false;

  constructor(parts: DispatchParts) {
    this.#parts = parts;
    this.deliveries = new Deliveries(parts);
  }

  /** Sends a message. @throws what its signal was aborted with @throws {UsageError} after `close` */
  async send(departure: Departure): Promise<Sent> {
    if (this.#isClosed) throw closedError();
    const { outbox } = this.#parts.works.ports;
    if (outbox === undefined) return (await this.#begin(departure)).outcome;
    return (await this.#packing.run(() => this.#begin(departure))).outcome;
  }

  /** Sends a message whose outcome nobody may look at, so a failure is told. Never throws. */
  async sendBeside(departure: Departure): Promise<Sent> {
    const { message } = departure;
    let sent: Sent;
    try {
      sent = await this.send(departure);
    } catch (error) {
      sent = { kind: 'failed', message, error: asDimpError(error) };
    }
    if (sent.kind === 'failed') this.#tellFailed(sent.error, message);
    return sent;
  }

  /** Sends a message as part of a work: nothing of it goes out before that is saved. Never throws. */
  async sendWithin(departure: Departure, work: Work): Promise<Sent> {
    const { message } = departure;
    let ready: Ready;
    try {
      if (this.#isClosed) throw closedError();
      void this.#parts.outgoing.transport;
      ready = await this.#pack(departure, work);
    } catch (error) {
      const held = await this.#hold(error, departure, work);
      if (held.kind === 'failed') work.whenSaved(() => this.#tellFailed(held.error, message));
      return held;
    }
    const send = async (): Promise<Sent> => {
      const sent = await ready.send();
      // nobody looks at the outcome
      if (sent.kind === 'failed') this.#tellFailed(sent.error, message);
      return sent;
    };
    if (work.isDirect) return send();
    work.whenSaved(() => void send());
    return { kind: 'queued', message };
  }

  /** Packs an answer as part of a work. Undefined when it could not be; then it waits, or that is told. */
  async packReply(message: InstantMessage, work: Work): Promise<ReliableMessage | undefined> {
    const { outgoing } = this.#parts;
    try {
      return (await outgoing.pack(message, {}, work)).message;
    } catch (error) {
      const departure = { message, options: {} };
      const missing = missingOf(error, this.#parts.facebook);
      if (missing !== undefined && outgoing.hasTransport) await this.#suspend(departure, missing, work);
      else work.whenSaved(() => this.#tellFailed(asDimpError(error), message));
      return undefined;
    }
  }

  /** Puts answers that were packed into the outbox, as part of a work. */
  async queueReplies(replies: readonly ReliableMessage[], work: Work): Promise<void> {
    for (const message of replies) {
      const parcels = await this.#queue([message], undefined, work);
      work.whenSaved(() => void this.deliveries.add(parcels));
    }
  }

  /** Stops when what was begun is in the outbox or gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#packing.idle();
    await this.deliveries.close();
  }

  async #begin(departure: Departure): Promise<{ readonly outcome: Promise<Sent> }> {
    const { message, options } = departure;
    const failed = (error: unknown): Sent => ({ kind: 'failed', message, error: asDimpError(error) });
    try {
      const work = await this.#parts.works.begin();
      try {
        const ready = await this.#pack(departure, work);
        const { saved } = await work.end();
        return { outcome: saved.then(() => ready.send(), failed) };
      } catch (error) {
        await work.abandon();
        options.signal?.throwIfAborted();
        const other = await this.#parts.works.begin();
        const held = await this.#hold(error, departure, other);
        const { saved } = await other.end();
        return { outcome: saved.then(() => held, failed) };
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      return { outcome: Promise.resolve(failed(error)) };
    }
  }

  async #pack(departure: Departure, work: Work): Promise<Ready> {
    const { outgoing, suspensions, clock } = this.#parts;
    const { message, options } = departure;
    const packed = await outgoing.pack(message, options, work);
    const { missing } = packed;
    const messages = outgoing.split(packed.message, options);
    const place = departure.place ?? (await keepSent(message, { state: 'queued' }, clock(), work));
    if (departure.waiting !== undefined) await work.waitingList?.remove(departure.waiting);
    const parcels = work.outbox && (await this.#queue(messages, place, work));
    const where = place && { place };
    return {
      send: async () => {
        const delivery =
          parcels === undefined
            ? await deliverDirectly(messages, place, this.#parts, options.signal)
            : await this.deliveries.add(parcels, options.signal);
        if (delivery.kind === 'failed') options.signal?.throwIfAborted();
        if (delivery.kind !== 'sent') return { ...delivery, message, ...where };
        outgoing.noteSent(packed.message);
        for (const member of missing) suspensions.report(member, message);
        return { kind: 'sent', messages, missing, ...where };
      },
    };
  }

  async #queue(
    messages: readonly ReliableMessage[],
    place: MessagePlace | undefined,
    work: Work,
  ): Promise<readonly Parcel[]> {
    const parcels: Parcel[] = [];
    for (const [index, message] of messages.entries()) {
      const isLast = index === messages.length - 1;
      const parcel = await work.outbox?.add({ message, isLast, ...(place && { place }) });
      if (parcel === undefined) continue;
      this.deliveries.expect(parcel, work);
      parcels.push(parcel);
    }
    // a group without others: there is nothing to send, so it is sent
    if (messages.length === 0) await noteChange(place, { state: 'sent' }, work, this.#parts.events);
    return parcels;
  }

  /** What becomes of a message that could not be packed: it waits, or it has failed. */
  async #hold(reason: unknown, departure: Departure, work: Work): Promise<Sent> {
    const { message } = departure;
    const missing = missingOf(reason, this.#parts.facebook);
    if (departure.waiting !== undefined) await work.waitingList?.remove(departure.waiting);
    if (missing !== undefined) {
      const place = await this.#suspend(departure, missing, work);
      return { kind: 'suspended', message, waitingFor: missing.id, ...(place && { place }) };
    }
    const error = asDimpError(reason);
    const change = { state: 'failed', failure: failureOf(error) } as const;
    const { events, clock } = this.#parts;
    if (departure.place !== undefined) await noteChange(departure.place, change, work, events);
    const place = departure.place ?? (await keepSent(message, change, clock(), work));
    return { kind: 'failed', message, error, ...(place && { place }) };
  }

  async #suspend(departure: Departure, missing: Missing, work: Work): Promise<MessagePlace | undefined> {
    const { message, options } = departure;
    const { suspensions, clock } = this.#parts;
    const place = departure.place ?? (await keepSent(message, { state: 'queued' }, clock(), work));
    await suspensions.wait(
      {
        waiting: {
          direction: 'out',
          missing,
          message,
          since: Date.now() / 1000,
          split: options.split === true,
          ...(place && { place }),
        },
        resume: waiting =>
          this.resume(
            { message, options, ...(place && { place }), ...(waiting !== undefined && { waiting }) },
            missing.id,
          ),
      },
      work,
    );
    return place;
  }

  /** Sends a message that has waited, and tells what became of it. */
  async resume(departure: Departure, waitingFor: ID): Promise<void> {
    const outcome = await this.#resent.run(() => this.send(departure));
    this.#parts.events.emit('resumed', { direction: 'out', waitingFor, outcome });
  }

  #tellFailed(error: DimpError, message: InstantMessage): void {
    this.#parts.events.emit('rejected', { direction: 'out', error, message });
  }
}
