import type { Arrivals } from './arrivals.js';
import { type PackageMark, readMark } from './frames.js';

/** What an inlet works with. */
export interface InletParts {
  readonly arrivals: Arrivals;
  /** Whether a package may be about the connection itself. */
  mayConcern(mark: PackageMark): boolean;
  /** Looks at such a package; resolves with whether it has been dealt with. Never rejects. */
  consume(data: Uint8Array): Promise<boolean>;
  /** Tells the station that a package has arrived. */
  acknowledge(mark: PackageMark): void;
  /** Reads no further. */
  pause(): void;
  resume(): void;
}

/** So many packages may be in our hands before nothing more is read. */
const maxPending = 256;

/**
 * Where packages of one connection come in: what is about the connection is kept back, everything else goes on to the
 * listeners, in the order in which it came.
 */
export class Inlet {
  readonly #parts: InletParts;
  /** Packages are looked at one after the other. */
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(parts: InletParts) {
    this.#parts = parts;
  }

  arrive(data: Uint8Array): void {
    const mark = readMark(data);
    if (this.#queued > 0 || this.#mayConcern(mark)) this.#queue(data, mark);
    else this.#pass(data, mark);
  }

  /** Resolves when everything that came so far was looked at. */
  idle(): Promise<void> {
    return this.#tail;
  }

  #mayConcern(mark: PackageMark | undefined): mark is PackageMark {
    return mark !== undefined && this.#parts.mayConcern(mark);
  }

  #queue(data: Uint8Array, mark: PackageMark | undefined): void {
    const { consume, acknowledge } = this.#parts;
    this.#queued++;
    this.#relieve();
    this.#tail = this.#tail.then(async () => {
      // asked again: it may be known by now who the station is
      if (this.#mayConcern(mark) && (await consume(data))) acknowledge(mark);
      else this.#pass(data, mark);
      this.#queued--;
      this.#relieve();
    });
  }

  /** Hands a package to the listeners; the station hears that it arrived when they have taken care of it. */
  #pass(data: Uint8Array, mark: PackageMark | undefined): void {
    void this.#parts.arrivals.deliver(data).then(isTaken => {
      if (isTaken && mark !== undefined) this.#parts.acknowledge(mark);
      this.#relieve();
    });
    this.#relieve();
  }

  /** Reads no faster than what was read is taken. */
  #relieve(): void {
    const pending = this.#queued + this.#parts.arrivals.pending;
    if (pending >= maxPending) this.#parts.pause();
    else if (pending < maxPending / 2) this.#parts.resume();
  }
}
