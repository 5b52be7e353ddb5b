import type { ID } from '@dimp/mkm';
import { CatchUp } from './catch-up.js';
import type { MessageStore, PageLimit, Stored } from './message-store.js';
import type { Metrics } from './metrics.js';
import { type PassedOver, type PassedOverDevices, Unwanted } from './passed-over.js';
import type { Session } from './session.js';
import { signatureTexts } from './signature-text.js';
import { Unacknowledged } from './unacknowledged.js';

/** What the deliveries of all sessions share. */
export interface DeliveryParts {
  readonly store: Pick<MessageStore, 'openDevice' | 'pending' | 'page' | 'acknowledge'>;
  readonly metrics: Metrics;
  /** Seconds since 1970, with fraction. */
  readonly clock: () => number;
  /** Bytes that may wait in a connection before it gets nothing more. */
  readonly bufferedBytes: number;
  readonly window: PageLimit;
  /** Seconds without any acknowledgement after which what is under way makes room for what waits. */
  readonly patience: number;
  readonly passedOver: PassedOverDevices;
  /** Hears what went wrong with the store. */
  readonly report: (error: Error) => void;
  /** The station stops: nothing more is begun. */
  readonly isStopping: () => boolean;
}

/** What is read from the store in one go, at most. */
const page: PageLimit = { count: 64, bytes: 262_144 };

/** Who has let something pass before is waited for this part of the time only, as long as it is that which is offered. */
const knownPatience = 0.25;

/**
 * Gives one session its messages: first those that are kept, then each that comes.
 *
 * All up to a position in the mailbox were handed over. Who is up to date gets what comes at once. Who is not, because
 * he just logged in, or does not read or acknowledge as fast as messages come, is caught up from the store: nothing is
 * kept in memory for him. It goes on by itself when something has left or was acknowledged.
 *
 * What he does not acknowledge holds up nothing for good: after a while it makes room for what is behind it. The next
 * session is offered it again, in turn; of what the device is known not to want, half a window each time.
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
  /** Undefined until there is something to be acknowledged: most sessions are idle. */
  #unacknowledged: Unacknowledged | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What the device does not want, until enough of it was offered again. */
  #unwanted: Unwanted | undefined;

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
    this.#unacknowledged = undefined;
    clearTimeout(this.#timer);
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
      this.#watch();
    } else if (hasRoom && this.#behind.mayPass(senderTag)) {
      this.#behind.pass(number);
      this.#hand(message, false);
      return;
    }
    this.#behind.wait(number, senderTag);
  }

  /** The client has a package. */
  acknowledged(signature: string): void {
    const number = this.#unacknowledged?.acknowledged(signature);
    if (number === undefined) return;
    this.#acknowledge(number);
    this.#goOn();
  }

  #acknowledge(number: number): void {
    this.#parts.store.acknowledge(this.#user, this.#session.device, [number]);
  }

  /** Reads again when it is worth it: not for each message that made room. */
  #goOn(): void {
    const { window, bufferedBytes } = this.#parts;
    if (this.#behind === undefined || this.#isReading || this.#isEnded) return;
    const { count = 0, bytes = 0 } = this.#unacknowledged ?? {};
    if (count * 2 > window.count || bytes * 2 > window.bytes) return;
    if (this.#leaving > 0 && this.#session.connection.bufferedBytes * 2 > bufferedBytes) return;
    void this.#read(false);
  }

  async #read(isFirst: boolean): Promise<void> {
    this.#isReading = true;
    try {
      if (isFirst) await this.#begin();
      for (;;) {
        if (this.#unwanted?.isOver(this.#position) === true) this.#endUnwanted();
        const { behind, room } = { behind: this.#behind, room: this.#room() };
        if (behind === undefined || this.#isEnded || this.#parts.isStopping()) return;
        if (room.count === 0) return this.#watch();
        const { highest } = behind;
        const { store } = this.#parts;
        const found = await store.page(this.#user, this.#session.device, this.#position, room);
        if (this.#isEnded) return;
        for (const message of found) if (!this.#handStored(message, behind)) return this.#watch();
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
    const passed = this.#passedOver();
    this.#unwanted = passed && new Unwanted(passed, this.#parts.window.count / 2);
    const { start = 0, end = 0 } = this.#unwanted ?? {};
    this.#position = start;
    for await (const part of store.pending(this.#user, device)) {
      for (const { number, senderTag } of part) {
        // who sends now need not wait for what is not wanted
        if (number > end) behind.wait(number, senderTag);
        else behind.reach(number);
      }
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
    this.#unwanted?.offered(number);
    return true;
  }

  #endUnwanted(): void {
    this.#position = this.#unwanted?.leave(this.#position) ?? this.#position;
    this.#unwanted = undefined;
  }

  #passedOver(): PassedOver | undefined {
    return this.#parts.passedOver.find(this.#user, this.#session.device);
  }

  /** Something waits for room. Who says nothing to all that he has gets more, until he is up to date. */
  #watch(): void {
    if (this.#timer !== undefined || this.#isEnded) return;
    const { patience } = this.#parts;
    const isKnown = this.#position <= (this.#passedOver()?.offered ?? 0);
    const answers = this.#unacknowledged?.answers;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#behind === undefined || this.#parts.isStopping()) return;
        if (this.#leaving === 0 && this.#unacknowledged?.answers === answers) {
          this.#unacknowledged?.passOver();
          this.#goOn();
        }
        this.#watch();
      },
      (isKnown ? knownPatience : 1) * patience * 1000,
    );
    this.#timer.unref();
  }

  /** How much may be handed over. One message goes whatever its size, so that there is always something to go on by. */
  #room(): PageLimit {
    const { window } = this.#parts;
    if (!this.#hasRoom(0)) return { count: 0, bytes: 0 };
    const { count = 0, bytes = 0 } = this.#unacknowledged ?? {};
    return {
      count: Math.min(page.count, window.count - count, this.#unwanted?.left ?? page.count),
      bytes: Math.min(page.bytes, Math.max(0, window.bytes - bytes)),
    };
  }

  #hasRoom(bytes: number): boolean {
    const { window, bufferedBytes } = this.#parts;
    const { count = 0, bytes: flying = 0 } = this.#unacknowledged ?? {};
    if (count >= window.count) return false;
    if (count > 0 && flying + bytes > window.bytes) return false;
    // when it is full of other things, one of ours tells by leaving that there is room again
    return this.#leaving === 0 || this.#session.connection.bufferedBytes < bufferedBytes;
  }

  #hand({ number, data, time }: Stored, isInTurn = true): void {
    const { metrics, clock } = this.#parts;
    const texts = this.#session.acknowledges ? signatureTexts(data) : [];
    if (texts.length > 0) {
      this.#unacknowledged ??= this.#newUnacknowledged();
      this.#unacknowledged.add({ number, bytes: data.length, texts, isInTurn });
    }
    this.#leaving++;
    metrics.delivered(Math.max(0, clock() - time));
    this.#session.connection.send(data, texts.length > 0 ? this.#left : done => this.#leftFor(number, done));
  }

  #newUnacknowledged(): Unacknowledged {
    const { window, passedOver } = this.#parts;
    return new Unacknowledged(window, () => passedOver.note(this.#user, this.#session.device));
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
}
