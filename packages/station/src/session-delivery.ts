import type { ID } from '@dimp/mkm';
import { CatchUp } from './catch-up.js';
import type { MessageStore, PageLimit, Stored } from './message-store.js';
import type { Metrics } from './metrics.js';
import type { Session } from './session.js';
import { signatureTexts } from './signature-text.js';

/** What the deliveries of all sessions share. */
export interface DeliveryParts {
  readonly store: Pick<MessageStore, 'openDevice' | 'pending' | 'page' | 'acknowledge'>;
  readonly metrics: Metrics;
  /** Seconds since 1970, with fraction. */
  readonly clock: () => number;
  /** Bytes that may wait in a connection before it gets nothing more. */
  readonly bufferedBytes: number;
  readonly window: PageLimit;
  /** Hears what went wrong with the store. */
  readonly report: (error: Error) => void;
  /** The station stops: nothing more is begun. */
  readonly isStopping: () => boolean;
}

/** A message that is to be acknowledged. */
interface Flying {
  readonly number: number;
  readonly bytes: number;
  readonly texts: readonly string[];
}

/** What is read from the store in one go, at most. */
const page: PageLimit = { count: 64, bytes: 262_144 };

/**
 * Gives one session its messages: first those that are kept, then each that comes.
 *
 * All up to a position in the mailbox were handed over. Who is up to date gets what comes at once. Who is not, because
 * he just logged in, or does not read or acknowledge as fast as messages come, is caught up from the store: nothing is
 * kept in memory for him. It goes on by itself when something has left or was acknowledged.
 */
export class SessionDelivery {
  readonly #parts: DeliveryParts;
  readonly #session: Session;
  readonly #user: ID;
  /** Everything up to here was handed over. */
  #position = 0;
  /** Undefined when the session is up to date. */
  #behind: CatchUp | undefined = new CatchUp();
  #isReading = false;
  #isEnded = false;
  /** Handed over and not gone to the network yet. */
  #leaving = 0;
  /** To be acknowledged, by each text that may name it, its own signature first. Undefined when there is none: most sessions are idle. */
  #flying: Map<string, Flying> | undefined;
  #flyingCount = 0;
  #flyingBytes = 0;

  constructor(session: Session, user: ID, parts: DeliveryParts) {
    this.#session = session;
    this.#user = user;
    this.#parts = parts;
  }

  /** Begins with what is kept. Resolves when it cannot go on for the time being; never rejects. */
  start(): Promise<void> {
    return this.#read(true);
  }

  /** Nothing more goes to this session. */
  end(): void {
    this.#isEnded = true;
    this.#flying = undefined;
  }

  /** A message is on disk. Must be called in the order of numbers. */
  offer(message: Stored): void {
    const { number, senderTag, data } = message;
    // what is read from the disk may be faster than the news of it
    if (this.#isEnded || number <= this.#position) return;
    const hasRoom = this.#hasRoom(data.length);
    if (this.#behind === undefined) {
      if (hasRoom) {
        this.#position = number;
        this.#hand(message);
        return;
      }
      this.#behind = new CatchUp();
      this.#behind.complete();
    } else if (hasRoom && this.#behind.mayPass(senderTag)) {
      this.#behind.pass(number);
      this.#hand(message);
      return;
    }
    this.#behind.wait(number, senderTag);
  }

  /** The client has a package. */
  acknowledged(signature: string): void {
    const flying = this.#flying?.get(signature);
    if (flying === undefined) return;
    this.#land(flying);
    if (this.#flyingCount === 0) this.#flying = undefined;
    this.#acknowledge(flying.number);
    this.#goOn();
  }

  #acknowledge(number: number): void {
    this.#parts.store.acknowledge(this.#user, this.#session.device, [number]);
  }

  /** Reads again when it is worth it: not for each message that made room. */
  #goOn(): void {
    const { window, bufferedBytes } = this.#parts;
    if (this.#behind === undefined || this.#isReading || this.#isEnded) return;
    if (this.#flyingCount * 2 > window.count || this.#flyingBytes * 2 > window.bytes) return;
    if (this.#leaving > 0 && this.#session.connection.bufferedBytes * 2 > bufferedBytes) return;
    void this.#read(false);
  }

  async #read(isFirst: boolean): Promise<void> {
    this.#isReading = true;
    try {
      if (isFirst) await this.#begin();
      for (;;) {
        const { behind, room } = { behind: this.#behind, room: this.#room() };
        if (behind === undefined || this.#isEnded || this.#parts.isStopping() || room.count === 0) return;
        const { highest } = behind;
        const { store } = this.#parts;
        const found = await store.page(this.#user, this.#session.device, this.#position, room);
        if (this.#isEnded) return;
        for (const message of found) if (!this.#handStored(message, behind)) return;
        // what waited when this was read and was not found has been acknowledged by another connection
        if (found.length === 0 && behind.highest === highest) {
          this.#position = Math.max(this.#position, highest);
          this.#behind = undefined;
        }
      }
    } catch (cause) {
      this.#parts.report(cause as Error);
      // the client comes again, and with it another try
      this.#session.connection.close('internal', 'The messages that are kept cannot be read now.');
    } finally {
      this.#isReading = false;
    }
  }

  /** Makes the device known, and finds out who has messages waiting. */
  async #begin(): Promise<void> {
    const { store, report } = this.#parts;
    const { device } = this.#session;
    try {
      await store.openDevice(this.#user, device);
    } catch (error) {
      // a disk that takes nothing may still give what is on it
      report(error as Error);
    }
    const behind = this.#behind as CatchUp;
    for await (const part of store.pending(this.#user, device)) {
      for (const { number, senderTag } of part) behind.wait(number, senderTag);
      if (this.#isEnded) return;
    }
    behind.complete();
    if (behind.highest === 0) this.#behind = undefined;
  }

  /** @returns whether there was room for it */
  #handStored(message: Stored, behind: CatchUp): boolean {
    const { number, senderTag, data } = message;
    if (!behind.hasPassed(number)) {
      if (!this.#hasRoom(data.length)) return false;
      this.#hand(message);
      behind.take(number, senderTag);
    }
    this.#position = number;
    return true;
  }

  /** How much may be handed over. One message goes whatever its size, so that there is always something to go on by. */
  #room(): PageLimit {
    const { window } = this.#parts;
    if (!this.#hasRoom(0)) return { count: 0, bytes: 0 };
    return {
      count: Math.min(page.count, window.count - this.#flyingCount),
      bytes: Math.min(page.bytes, Math.max(0, window.bytes - this.#flyingBytes)),
    };
  }

  #hasRoom(bytes: number): boolean {
    const { window, bufferedBytes } = this.#parts;
    if (this.#flyingCount >= window.count) return false;
    if (this.#flyingCount > 0 && this.#flyingBytes + bytes > window.bytes) return false;
    // when it is full of other things, one of ours tells by leaving that there is room again
    return this.#leaving === 0 || this.#session.connection.bufferedBytes < bufferedBytes;
  }

  #hand({ number, data, time }: Stored): void {
    const { metrics, clock } = this.#parts;
    const texts = this.#session.acknowledges ? signatureTexts(data) : [];
    if (texts.length > 0) this.#fly({ number, bytes: data.length, texts });
    this.#leaving++;
    metrics.delivered(Math.max(0, clock() - time));
    this.#session.connection.send(data, texts.length > 0 ? this.#left : done => this.#leftFor(number, done));
  }

  /** A package that will be acknowledged has left, or never will. */
  readonly #left = (done: boolean): void => {
    this.#leaving--;
    if (done) this.#goOn();
    else this.end();
  };

  /** Who does not acknowledge has what left for him. */
  #leftFor(number: number, done: boolean): void {
    if (done) this.#acknowledge(number);
    this.#left(done);
  }

  /** What its own signature names counts; a text that stands in front of it may be anybody's, and displaces nobody. */
  #fly(flying: Flying): void {
    this.#flying ??= new Map();
    const [own, ...others] = flying.texts as [string, ...string[]];
    const before = this.#flying.get(own);
    // no acknowledgement can tell the two apart: it comes again with the next login
    if (before?.texts[0] === own) this.#land(before);
    this.#flying.set(own, flying);
    for (const text of others) if (!this.#flying.has(text)) this.#flying.set(text, flying);
    this.#flyingCount++;
    this.#flyingBytes += flying.bytes;
  }

  #land(flying: Flying): void {
    for (const text of flying.texts) if (this.#flying?.get(text) === flying) this.#flying.delete(text);
    this.#flyingCount--;
    this.#flyingBytes -= flying.bytes;
  }
}
