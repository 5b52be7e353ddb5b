import type { Content, InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { Emitter } from './emitter.js';
import { asDimpError } from './errors.js';
import type { AcceptedContent, MessengerEvents } from './events.js';
import { noteReceipt } from './kept-messages.js';
import type { Labels } from './labels.js';
import { type ReceiverParts, receiveMessage } from './message-receiver.js';
import type { Outgoing } from './outgoing.js';
import { Processing, type ProcessingParts } from './processing.js';
import type { Processed, ReceivedContent } from './processor.js';
import type { Arrival, Received } from './received.js';
import type { Missing } from './resolver.js';
import { Serial } from './serial.js';
import type { Suspensions } from './suspensions.js';
import type { WaitingMessage } from './waiting-list.js';
import type { Ended, Work } from './work.js';

/** What receiving works with. */
export interface ReceptionParts extends ProcessingParts {
  readonly outgoing: Outgoing;
  readonly suspensions: Suspensions;
  readonly events: Emitter<MessengerEvents>;
  save(message: InstantMessage, labels: Labels): Promise<boolean>;
  tell(accepted: AcceptedContent): void;
}

/** How a message came in. */
export interface Manner {
  /** Whether answers are sent from here, and not by whoever handed the message in. */
  readonly sendsReplies?: boolean;
  /** Whether it goes before others, since it has waited. */
  readonly isUrgent?: boolean;
  /** On the waiting list. */
  readonly waiting?: number | undefined;
}

type Rejected = Extract<Received, { readonly kind: 'rejected' }>;

/** Takes messages in, one after the other, each as a work of its own. */
export class Reception {
  readonly #parts: ReceptionParts;
  readonly #processing: Processing;
  readonly #incoming = new Serial();
  /** Messages of which nothing was saved, since that failed. */
  readonly #lost = new WeakSet<Rejected>();

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    this.#processing = new Processing(parts, (message, arrival, work) =>
      this.#receiveInner(message, arrival, work),
    );
  }

  /** Takes a message in; resolves when it is saved and told. Never throws. @param read throws when it is none */
  async take(read: () => ReliableMessage, arrival: Arrival, manner: Manner = {}): Promise<Received> {
    const task = () => this.#process(read, arrival, manner);
    return (await this.#incoming.run(task, manner.isUrgent)).outcome;
  }

  /**
   * As `take`, for what came by the transport: answers are sent by it. Resolves when what the message changes is on disk,
   * whatever became of it; answers go out later.
   * @throws {DimpError} the store did not take it, so that it has to come again
   */
  async arrive(read: () => ReliableMessage, arrival: Arrival): Promise<void> {
    const received = await this.take(read, arrival, { sendsReplies: true });
    void this.#sendReplies(received);
    if (received.kind === 'rejected' && this.#isLost(received)) throw received.error;
  }

  /** Processes a content as if it had come from somebody. @throws {DimpError} when it is refused */
  processContent(content: Content, received: ReceivedContent): Promise<Processed> {
    return this.#processing.processAlone(content, received);
  }

  /** Does something before the messages that come in from now on. */
  first(task: () => Promise<void>): Promise<void> {
    return this.#incoming.run(task, true);
  }

  /** Lets a message wait on that did so in an earlier run. */
  restore(waiting: WaitingMessage): void {
    const { missing } = waiting;
    this.#parts.suspensions.restore(waiting, () => {
      const { number } = waiting;
      if (waiting.direction === 'in') return this.#resume(waiting.message, waiting.arrival, missing, number);
      const { message, split, place } = waiting;
      const departure = { message, options: { split }, waiting: number, ...(place && { place }) };
      return this.#parts.dispatch.resume(departure, missing.id);
    });
  }

  idle(): Promise<void> {
    return this.#incoming.idle();
  }

  async #process(
    read: () => ReliableMessage,
    arrival: Arrival,
    manner: Manner,
  ): Promise<{ readonly outcome: Promise<Received> }> {
    let message: ReliableMessage | undefined;
    const reject = (error: unknown): Rejected => {
      const received = { kind: 'rejected', error: asDimpError(error), ...(message && { message }) } as const;
      this.#tellOutcome(received, message);
      return received;
    };
    const lost = (error: unknown): Received => {
      const received = reject(error);
      this.#lost.add(received);
      return received;
    };
    try {
      message = read();
    } catch (error) {
      return { outcome: Promise.resolve(reject(error)) };
    }
    try {
      const work = await this.#parts.works.begin();
      const received = await receiveMessage(message, arrival, this.#receiverParts(work));
      const tell = (): Received => {
        this.#tellOutcome(received, message as ReliableMessage);
        return received;
      };
      if (received.kind === 'rejected') {
        const { saved } = await this.#reject(work, manner);
        return { outcome: saved.then(tell, lost) };
      }
      if (manner.waiting !== undefined) await work.waitingList?.remove(manner.waiting);
      if (received.kind === 'accepted' && manner.sendsReplies === true && work.outbox !== undefined) {
        await this.#parts.dispatch.queueReplies(received.replies, work);
      }
      work.whenSaved(tell);
      const { saved } = await work.end();
      return { outcome: saved.then(() => received, lost) };
    } catch (error) {
      return { outcome: Promise.resolve(lost(error)) };
    }
  }

  /** What a refused message has changed is dropped, and it waits no more. */
  async #reject(work: Work, { waiting }: Manner): Promise<Ended> {
    const { saved } = await work.abandon();
    if (waiting === undefined) return { saved };
    const other = await this.#parts.works.begin();
    await other.waitingList?.remove(waiting);
    return other.end();
  }

  /** Whether it was not the message that was wrong: the store has failed, or something unforeseen has. */
  #isLost(received: Rejected): boolean {
    const { code } = received.error;
    return this.#lost.has(received) || /^ERR_(INTERNAL$|STORE_)/.test(code);
  }

  #receiverParts(work: Work): ReceiverParts {
    const { clock, dispatch, events, save, tell } = this.#parts;
    return {
      work,
      clock,
      save,
      process: (content, received) => this.#processing.process(content, received, work),
      reply: instant => dispatch.packReply(instant, work),
      note: (receipt, { sender, receiver }) =>
        noteReceipt(receipt, { sender, receiver, time: clock() }, work, events),
      tell: accepted => work.whenSaved(() => tell(accepted)),
      suspend: (message, missing, arrival) => this.#suspend(message, missing, arrival, work),
    };
  }

  async #receiveInner(message: ReliableMessage, arrival: Arrival, work: Work): Promise<Received> {
    const received = await receiveMessage(message, arrival, this.#receiverParts(work));
    work.whenSaved(() => this.#tellOutcome(received, message));
    return received;
  }

  /** When it goes on it goes before what came in later, so that the order of its sender holds. */
  async #suspend(message: ReliableMessage, missing: Missing, arrival: Arrival, work: Work): Promise<void> {
    const waiting = { direction: 'in', missing, message, arrival, since: Date.now() / 1000 } as const;
    const resume = (number: number | undefined) => this.#resume(message, arrival, missing, number);
    await this.#parts.suspensions.wait({ waiting, resume }, work);
  }

  async #resume(
    message: ReliableMessage,
    arrival: Arrival,
    missing: Missing,
    waiting: number | undefined,
  ): Promise<void> {
    const outcome = await this.take(() => message, arrival, { isUrgent: true, sendsReplies: true, waiting });
    this.#parts.events.emit('resumed', { direction: 'in', waitingFor: missing.id, outcome });
    await this.#sendReplies(outcome);
  }

  /** Without an outbox, in which they are already. */
  async #sendReplies(received: Received): Promise<void> {
    const { outgoing, events, works } = this.#parts;
    if (received.kind !== 'accepted' || !outgoing.hasTransport || works.ports.outbox !== undefined) return;
    for (const reply of received.replies) {
      try {
        await outgoing.deliver(reply);
      } catch (error) {
        events.emit('rejected', { direction: 'out', error: asDimpError(error), message: reply });
      }
    }
  }

  #tellOutcome(received: Received, message: ReliableMessage | undefined): void {
    const { events } = this.#parts;
    if (received.kind === 'duplicate') events.emit('duplicate', { message: received.message });
    // of a forward it is the message inside, which was told already
    if (received.kind === 'not-for-us' && received.message === message) {
      events.emit('not-for-us', { message, receiver: received.receiver });
    }
    if (received.kind !== 'rejected') return;
    const { error } = received;
    events.emit('rejected', {
      direction: 'in',
      error,
      ...(received.message && { message: received.message }),
    });
  }
}
