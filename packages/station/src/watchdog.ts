import type { StationLimits } from './options.js';

/** A stream that counts what it reads, as sockets do. */
export interface WatchedStream {
  readonly bytesRead: number;
  destroy(): unknown;
}

interface Watched {
  /** Bytes that had been read when it was looked at last. */
  bytes: number;
  /** When they were another number last. */
  since: number;
  /** Until when it may stay as it is. */
  until: number;
}

/**
 * Ends connections that say nothing, or do not get to the point. One timer looks at all of them from time to time, so
 * a connection that is idle costs an entry here and nothing else; ends come up to an eighth of the time late.
 */
export class Watchdog {
  readonly #limits: Pick<StationLimits, 'loginSeconds' | 'silenceSeconds'>;
  readonly #streams = new Map<WatchedStream, Watched>();
  readonly #tasks: ((now: number) => void)[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(limits: Pick<StationLimits, 'loginSeconds' | 'silenceSeconds'>) {
    this.#limits = limits;
    const seconds = Math.min(limits.loginSeconds, limits.silenceSeconds) / 8;
    this.#timer = setInterval(() => this.#look(), Math.min(Math.max(seconds, 0.05), 5) * 1000);
    this.#timer.unref();
  }

  /** Seconds from whatever start; not set back with the clock on the wall. */
  get now(): number {
    return performance.now() / 1000;
  }

  /** A new connection: it has `loginSeconds` to become something. */
  watch(stream: WatchedStream): void {
    const { now } = this;
    this.#streams.set(stream, { bytes: 0, since: now, until: now + this.#limits.loginSeconds });
  }

  /** It became something: from now on only silence ends it. */
  admit(stream: WatchedStream): void {
    const watched = this.#streams.get(stream);
    if (watched !== undefined) watched.until = Number.POSITIVE_INFINITY;
  }

  /** It has so many seconds left, as when it was told to end. */
  limit(stream: WatchedStream, seconds: number): void {
    const watched = this.#streams.get(stream);
    if (watched !== undefined) watched.until = this.now + seconds;
  }

  forget(stream: WatchedStream): void {
    this.#streams.delete(stream);
  }

  /** Calls a function whenever the timer goes. */
  alsoCall(task: (now: number) => void): void {
    this.#tasks.push(task);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { now } = this;
    for (const [stream, watched] of this.#streams) {
      if (stream.bytesRead !== watched.bytes) {
        watched.bytes = stream.bytesRead;
        watched.since = now;
      }
      if (now >= watched.until || now - watched.since >= this.#limits.silenceSeconds) stream.destroy();
    }
    for (const task of this.#tasks) task(now);
  }
}
