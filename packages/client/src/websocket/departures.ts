import { limits } from '@dimp/crypto';
import { type ReceiptCommand, TransportError } from '@dimp/sdk';
import type { Expectation } from './expectation.js';
import { type PackageMark, readMark } from './frames.js';
import { isReceiptFor, refusalOf } from './refusal.js';

/** A connection that packages can go out by. */
export interface Lane {
  expects(mark: PackageMark): Expectation;
  send(data: Uint8Array, left: () => void): void;
}

/** How departures are made, see `StationTransportOptions`. */
export interface DeparturesOptions {
  readonly window: number;
  readonly maxWaiting: number;
  readonly ackSeconds: number;
  readonly receiptSeconds: number;
}

/** However many packages may be under way, no more bytes than these, unless it is one alone. */
const windowBytes = limits.packageBytes;

interface Departure {
  readonly data: Uint8Array;
  readonly mark: PackageMark;
  /** Ends it; later calls do nothing. */
  settle(error?: unknown): void;
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * Packages on their way to the station: they leave in the order of the calls, several at once, and each is done when the
 * station has it, as the lane lets it be known.
 */
export class Departures {
  readonly #options: DeparturesOptions;
  readonly #waiting: Departure[] = [];
  readonly #underWay = new Set<Departure>();
  readonly #idle: (() => void)[] = [];
  #bytes = 0;
  #lane: Lane | undefined;
  /** Why nothing can be sent; undefined while it is worth waiting. */
  #cut: (() => TransportError) | undefined;

  constructor(options: DeparturesOptions, cut: () => TransportError) {
    this.#options = options;
    this.#cut = cut;
  }

  /** Resolves when the station has the package. @throws {TransportError} and what the signal was aborted with */
  async send(data: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const mark = this.#check(data);
    if (this.#cut !== undefined) throw this.#cut();
    if (this.#waiting.length >= this.#options.maxWaiting) {
      const text = `${this.#waiting.length} packages wait for the station already.`;
      throw new TransportError(text, { retryAfter: 1 });
    }
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => departure.settle(signal?.reason);
      const departure: Departure = {
        data,
        mark,
        settle: error => {
          signal?.removeEventListener('abort', abort);
          this.#remove(departure);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(departure);
      this.#flush();
    });
  }

  /** Packages wait from now on; those that left are still under way. */
  hold(): void {
    this.#cut = undefined;
    this.#lane = undefined;
  }

  /** Packages go out by this from now on. */
  open(lane: Lane): void {
    this.#lane = lane;
    this.#flush();
  }

  /** The connection is gone, and with it what was under way. What waits may go by the next one. */
  lose(why: () => TransportError): void {
    this.#lane = undefined;
    for (const departure of [...this.#underWay]) departure.settle(why());
  }

  /** Nothing can be sent from now on, and what was under way or waited has failed. */
  cut(why: () => TransportError): void {
    this.#cut = why;
    this.lose(why);
    for (const departure of [...this.#waiting]) departure.settle(why());
  }

  /** Nothing more is taken; what was taken goes on, if it can. */
  stop(why: () => TransportError): void {
    if (this.#lane === undefined) this.cut(why);
    else this.#cut = why;
  }

  /** The other side takes no package of this size: the largest that is under way never goes. */
  refuseLargest(): void {
    const [largest] = [...this.#underWay].sort((a, b) => b.data.length - a.data.length);
    if (largest === undefined) return;
    const text = `The station takes no package of ${largest.data.length} bytes.`;
    largest.settle(new TransportError(text, { code: 'ERR_STATION_TOO_LARGE', isFinal: true }));
  }

  /** The other side has the package with this signature. */
  acknowledged(signature: string): void {
    this.#find(mark => mark.signature === signature)?.settle();
  }

  /** A receipt of the station came. Tells whether it has refused a package that was under way. */
  answered(receipt: ReceiptCommand): boolean {
    const departure = this.#find(mark => isReceiptFor(receipt, mark));
    if (departure === undefined) return false;
    const refusal = refusalOf(receipt);
    departure.settle(refusal);
    return refusal !== undefined;
  }

  /** Resolves when nothing is under way or waits. */
  async idle(): Promise<void> {
    if (this.#underWay.size + this.#waiting.length > 0) {
      await new Promise<void>(resolve => this.#idle.push(resolve));
    }
  }

  #check(data: Uint8Array): PackageMark {
    const problem = (text: string): TransportError => new TransportError(text, { isFinal: true });
    if (data.length > limits.packageBytes) {
      throw problem(`A package of at most ${limits.packageBytes} bytes can be sent, not of ${data.length}.`);
    }
    const mark = readMark(data);
    if (mark === undefined) throw problem('Only packages can be sent: JSON of signed messages.');
    return mark;
  }

  #flush(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#lane; next = this.#waiting[0]) {
      const isFull = this.#underWay.size >= this.#options.window;
      const isTooMuch = this.#bytes + next.data.length > windowBytes && this.#underWay.size > 0;
      if (isFull || isTooMuch) return;
      this.#waiting.shift();
      this.#underWay.add(next);
      this.#bytes += next.data.length;
      this.#go(next, this.#lane);
    }
  }

  #go(departure: Departure, lane: Lane): void {
    const { ackSeconds, receiptSeconds } = this.#options;
    const wait = (seconds: number, then: () => void): void => {
      departure.timer = setTimeout(then, seconds * 1000);
    };
    lane.send(departure.data, () => {
      if (!this.#underWay.has(departure)) return;
      const expected = lane.expects(departure.mark);
      if (expected === 'ack') {
        const text = `The station did not acknowledge the package within ${ackSeconds} seconds.`;
        const late = (): TransportError => new TransportError(text, { retryAfter: ackSeconds });
        wait(ackSeconds, () => departure.settle(late()));
      } else if (expected === 'receipt') {
        wait(receiptSeconds, () => departure.settle());
      } else {
        departure.settle();
      }
    });
  }

  #find(isIt: (mark: PackageMark) => boolean): Departure | undefined {
    for (const departure of this.#underWay) if (isIt(departure.mark)) return departure;
    return undefined;
  }

  #remove(departure: Departure): void {
    clearTimeout(departure.timer);
    if (this.#underWay.delete(departure)) {
      this.#bytes -= departure.data.length;
    } else {
      const index = this.#waiting.indexOf(departure);
      if (index >= 0) this.#waiting.splice(index, 1);
    }
    this.#flush();
    if (this.#underWay.size + this.#waiting.length === 0) for (const done of this.#idle.splice(0)) done();
  }
}
