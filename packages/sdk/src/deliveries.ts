import type { DimpError } from '@dimp/crypto';
import type { Emitter } from './emitter.js';
import { asDimpError, TransportError } from './errors.js';
import type { MessengerEvents } from './events.js';
import { failureOf, noteChange } from './kept-messages.js';
import type { Parcel } from './outbox.js';
import type { Outgoing } from './outgoing.js';
import type { Work, Works } from './work.js';

/** What became of the packages of one message. `queued`: they are still in the outbox, and `error` says why. */
export type Delivery =
  | { readonly kind: 'sent' }
  | { readonly kind: 'queued' | 'failed'; readonly error: DimpError };

/** Seconds. Whoever names a longer time is asked before it is over. */
const maxPause = 86_400;

interface Waiting {
  readonly parcel: Parcel;
  readonly signal: AbortSignal | undefined;
  /** The transport has it, and has not answered for it. */
  isUnderWay: boolean;
  settle: ((delivery: Delivery) => void) | undefined;
}

/** What deliveries work with. */
export interface DeliveriesParts {
  readonly works: Works;
  readonly outgoing: Outgoing;
  readonly events: Emitter<MessengerEvents>;
}

/**
 * Hands the packages of an outbox to the transport, in their order, as many at once as it has a window for. One that is
 * not taken stays, and everything behind it that was not handed over yet, until `drain` is called again; one that never
 * will be taken is given up.
 */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  /** What is on disk and has not left, in order. */
  readonly #queue: Waiting[] = [];
  /** Numbers of parcels that were handed over, until that is on disk. */
  readonly #leaving = new Map<number, Promise<void>>();
  /** Parcels of works that are not saved yet: their packages may not go out. */
  readonly #unsaved = new Set<Parcel>();
  /** Of the packages that are under way. They do not listen to one signal, which Node would take for a leak. */
  readonly #handed = new Set<AbortController>();
  #closed: TransportError | undefined;
  #running: Promise<void> | undefined;
  #stop: () => void = () => undefined;
  #underWay = 0;
  /** Why one of those under way stays; the others are waited for. */
  #held: DimpError | undefined;
  /** Goes on when the time has come that the other side named; nothing is tried before, unless somebody knows better. */
  #pause: { readonly timer: ReturnType<typeof setTimeout>; readonly error: DimpError } | undefined;

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  /** A parcel was put into the outbox by a work; `add` follows when that is saved. */
  expect(parcel: Parcel, work: Work): void {
    this.#unsaved.add(parcel);
    work.whenLost(() => this.#unsaved.delete(parcel));
  }

  /** Puts the packages of a message, which are saved, behind the others. Resolves when it was tried to send them. */
  add(parcels: readonly Parcel[], signal?: AbortSignal): Promise<Delivery> {
    return new Promise(resolve => {
      const last = parcels.at(-1);
      for (const parcel of parcels) {
        this.#unsaved.delete(parcel);
        const settle = parcel === last ? resolve : undefined;
        this.#queue.push({ parcel, signal, isUnderWay: false, settle });
      }
      if (last === undefined) resolve({ kind: 'sent' });
      else if (this.#pause !== undefined) this.#keep(this.#pause.error);
      else void this.drain();
    });
  }

  /** Takes over what an earlier run left, or what is on disk and was lost sight of. */
  restore(parcels: readonly Parcel[]): void {
    const queued = this.#queue.map(({ parcel }) => parcel);
    const numbers = [...queued, ...this.#unsaved].map(({ number }) => number);
    const known = new Set([...this.#leaving.keys(), ...numbers]);
    const unknown = parcels.filter(({ number }) => !known.has(number));
    const restored = unknown.map(parcel => ({
      parcel,
      signal: undefined,
      isUnderWay: false,
      settle: undefined,
    }));
    this.#queue.push(...restored);
    this.#queue.sort((a, b) => a.parcel.number - b.parcel.number);
  }

  /** Sends as much as the transport takes; resolves when that is noted, too. */
  async drain(): Promise<void> {
    this.#endPause();
    this.#running ??= new Promise(resolve => {
      this.#stop = resolve;
    });
    // the caller has its promise before the first package goes
    queueMicrotask(() => this.#fill());
    await this.#running;
    await Promise.all(this.#leaving.values());
  }

  /** Whether it is being tried now. */
  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Stops; what has not left stays in the outbox. */
  async close(): Promise<void> {
    this.#closed = new TransportError('The messenger was closed.');
    for (const controller of this.#handed) controller.abort(this.#closed);
    await this.#running;
    this.#endPause();
    await Promise.all(this.#leaving.values());
  }

  /** Hands over as many as there is room for, and stops when all of them have been answered for. */
  #fill(): void {
    if (this.#running === undefined) return;
    while (this.#held === undefined && this.#underWay < this.#parts.outgoing.window) {
      const next = this.#queue.find(({ isUnderWay }) => !isUnderWay);
      if (next === undefined) break;
      next.isUnderWay = true;
      this.#underWay++;
      void this.#hand(next).then(error => this.#answered(next, error));
    }
    if (this.#underWay > 0) return;
    const held = this.#held;
    this.#held = undefined;
    this.#running = undefined;
    if (held !== undefined) this.#hold(held);
    this.#stop();
  }

  #answered(waiting: Waiting, error: DimpError | undefined): void {
    waiting.isUnderWay = false;
    this.#underWay--;
    if (error !== undefined && !isFinal(error, waiting)) this.#held ??= error;
    else this.#leave(waiting, error);
    this.#fill();
  }

  /** Takes a package out of the queue that was handed over, or given up with an error. */
  #leave(waiting: Waiting, error: DimpError | undefined): void {
    // by what it is and not by its place: others may have been put in front meanwhile
    this.#queue.splice(this.#queue.indexOf(waiting), 1);
    // it need not be on disk before the next one goes
    this.#leaving.set(waiting.parcel.number, this.#finish(waiting, error));
  }

  async #hand({ parcel, signal }: Waiting): Promise<DimpError | undefined> {
    const controller = new AbortController();
    const stop = (): void => controller.abort(signal?.reason);
    this.#handed.add(controller);
    signal?.addEventListener('abort', stop);
    try {
      if (this.#closed !== undefined) throw this.#closed;
      signal?.throwIfAborted();
      await Promise.race([
        this.#parts.outgoing.deliver(parcel.message, controller.signal),
        // a transport may hang and know nothing of signals
        aborted(controller.signal),
      ]);
      return undefined;
    } catch (error) {
      return asDimpError(error);
    } finally {
      this.#handed.delete(controller);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Nothing goes now; it is tried again when the other side said so. */
  #hold(error: DimpError): void {
    this.#keep(error);
    const { retryAfter } = error as Partial<TransportError>;
    if (retryAfter === undefined || this.#closed !== undefined) return;
    const timer = setTimeout(() => void this.drain(), Math.min(retryAfter, maxPause) * 1000);
    this.#pause = { timer, error };
  }

  #endPause(): void {
    clearTimeout(this.#pause?.timer);
    this.#pause = undefined;
  }

  /** Whoever waits for one of these hears that it stays. */
  #keep(error: DimpError): void {
    for (const waiting of this.#queue) {
      waiting.settle?.({ kind: 'queued', error });
      waiting.settle = undefined;
    }
  }

  /** Takes a package out of the outbox that was handed over, or given up with an error. */
  async #finish({ parcel, settle }: Waiting, error: DimpError | undefined): Promise<void> {
    const { number, place, isLast } = parcel;
    // it must be on record as leaving first
    await undefined;
    try {
      const work = await this.#parts.works.begin();
      await work.outbox?.remove(number);
      const change =
        error === undefined
          ? ({ state: 'sent' } as const)
          : ({ state: 'failed', failure: failureOf(error) } as const);
      if (isLast) await noteChange(place, change, work, this.#parts.events);
      const { saved } = await work.end();
      await saved;
      settle?.(error === undefined ? { kind: 'sent' } : { kind: 'failed', error });
    } catch (reason) {
      // it is still in the outbox, and goes once more with the next `restore`; its receiver knows it then
      settle?.({ kind: 'queued', error: asDimpError(reason) });
    } finally {
      this.#leaving.delete(number);
    }
  }
}

/** Whether a package is given up: its sender wants it no more, or no transport will ever take it. */
function isFinal(error: DimpError, { signal }: Waiting): boolean {
  return signal?.aborted === true || (error as Partial<TransportError>).isFinal === true;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
