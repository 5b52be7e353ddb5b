import { setTimeout } from 'node:timers/promises';
import { parsePackage } from '@dimp/core';
import type { DimpError } from '@dimp/crypto';
import type { ReliableMessage } from '@dimp/dkd';
import { equalID } from '@dimp/mkm';
import { type Arrival, type ReadArrival, tryReadPackage } from './arrival.js';
import { ClientSession } from './client-session.js';
import type { Ack, Connection, ConnectionHandler } from './connection.js';
import { Guest, type GuestHost } from './guest.js';
import type { Handshakes } from './handshake.js';
import type { StationLog } from './log.js';
import type { Metrics } from './metrics.js';
import type { StationLimits } from './options.js';
import { receiverKind } from './receiver-kind.js';
import type { Refusal, RefusalReason } from './refusal.js';
import type { MessageRelay } from './relay.js';
import { SenderAnswers } from './sender-answers.js';
import { checkSender } from './sender-check.js';
import type { SessionDirectory } from './session.js';
import type { StationAccount } from './station-account.js';
import type { StationMail } from './station-mail.js';
import type { UserDirectory } from './user-directory.js';
import type { Voice } from './voice.js';
import type { Watchdog } from './watchdog.js';

/** What packages are dealt with by. */
export interface InboundParts {
  readonly account: Pick<StationAccount, 'facebook' | 'id'>;
  readonly voice: Voice;
  readonly mail: StationMail;
  readonly handshakes: Handshakes;
  readonly relay: MessageRelay;
  readonly sessions: Pick<SessionDirectory, 'ofUser'>;
  readonly users: Pick<UserDirectory, 'isBanned'>;
  readonly limits: StationLimits;
  readonly watchdog: Watchdog;
  readonly metrics: Metrics;
  readonly log?: StationLog | undefined;
}

/** Packages that nobody honest sends, after which a connection is closed: each may cost an answer. */
const maxOffences = 16;

/** Seconds after which a client may try another station, or this one again. */
const stoppingRetry = 10;

/** Seconds after which it is looked whether one whose rate is used up is still here, and the station goes on. */
const longestNap = 0.5;

/**
 * Between the connections and the relay: reads packages, sees who may send them, has the station's own answered and
 * hands the others on, those of one connection in their order. The sender hears when his message is on disk.
 */
export class Inbound implements GuestHost {
  readonly #parts: InboundParts;
  readonly #answers: SenderAnswers;
  /** Connections that have not logged in, oldest first. */
  readonly #strangers = new Set<ClientSession>();
  #underWay = 0;
  #isStopping = false;
  #idle: (() => void) | undefined;

  constructor(parts: InboundParts) {
    this.#parts = parts;
    this.#answers = new SenderAnswers(parts);
    parts.watchdog.alsoCall(now => this.#closeStrangers(now));
  }

  /** Messages that came and were not for the station, in all. */
  get relayedCount(): number {
    return this.#answers.relayedCount;
  }

  /** Takes a new connection. */
  welcome(connection: Connection): ConnectionHandler | undefined {
    const { metrics, watchdog } = this.#parts;
    if (this.#isStopping) {
      connection.close('goingAway', 'The station stops.');
      return undefined;
    }
    const session = new ClientSession(connection, watchdog.now);
    this.#strangers.add(session);
    metrics.connectionOpened(connection.framing);
    return new Guest(this, session);
  }

  /** Refuses what comes from now on; resolves when what came before has its answer. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#underWay === 0) return;
    await new Promise<void>(resolve => {
      this.#idle = resolve;
    });
  }

  /** Never rejects. */
  take(data: Uint8Array, session: ClientSession): Promise<void> {
    const arrival: Arrival = { data, session, time: performance.now() };
    this.#underWay++;
    const work = this.#pass(arrival) ?? this.#takeInTurn(arrival);
    return work.then(this.#ended, error => this.#failed(error, session));
  }

  acknowledged({ signature }: Ack, session: ClientSession): void {
    if (session.user === undefined) return;
    session.acknowledges = true;
    this.#parts.relay.acknowledged(session, signature);
  }

  closed(session: ClientSession): void {
    session.isEnded = true;
    this.#strangers.delete(session);
    this.#parts.handshakes.end(session);
    this.#parts.metrics.connectionClosed(session.connection.framing);
  }

  readonly #ended = (): void => {
    this.#underWay--;
    if (this.#underWay === 0) this.#idle?.();
  };

  #failed(error: unknown, session: ClientSession): void {
    // a fault of the station; the client is not to wait for an answer
    this.#parts.log?.logger.error({ err: error, connection: session.connection.number }, 'package failed');
    session.connection.close('internal', 'The station failed.');
    this.#ended();
  }

  /**
   * What nearly all packages are, with as little as can be done for each: a message of the session's user to another one,
   * signed by the key that is known of him. Undefined when this is something else; nothing was done for it then but
   * reading.
   */
  #pass(arrival: Arrival): Promise<void> | undefined {
    const { data, session } = arrival;
    const { account, users, limits } = this.#parts;
    const { user, senderKey } = session;
    if (user === undefined || senderKey === undefined || session.isShutOut || this.#isStopping)
      return undefined;
    if (!session.pass()) return undefined;
    const message = tryReadPackage(data, account.facebook.protocol);
    if (message !== undefined) {
      arrival.message = message;
      const { sender, receiver } = message.envelope;
      const isUsual =
        message.meta === undefined &&
        receiverKind(receiver, account.id) === 'user' &&
        equalID(sender, user) &&
        !users.isBanned(user) &&
        session.limiter(limits).take(1, data.length) <= 0;
      if (isUsual) {
        return senderKey
          .verify(message.data, message.signature)
          .then(isGood => this.#passOn(arrival as ReadArrival, isGood));
      }
    }
    session.passed();
    return undefined;
  }

  /** The key has said whether it has signed the message; if not, another one of the sender may have. */
  #passOn(arrival: ReadArrival, isGood: boolean): Promise<void> | void {
    const { session } = arrival;
    if (!isGood || session.isHeldUp) return this.#passLater(arrival, isGood);
    const reported = this.#answers.relay(arrival);
    session.passed();
    return reported;
  }

  async #passLater(arrival: ReadArrival, isGood: boolean): Promise<void> {
    const { session } = arrival;
    let handed: { readonly reported: Promise<void> } | undefined;
    try {
      await session.holdUp(async () => {
        if (isGood || (await this.#isSenders(arrival))) handed = { reported: this.#answers.relay(arrival) };
      });
    } finally {
      session.passed();
    }
    await handed?.reported;
  }

  async #takeInTurn(arrival: Arrival): Promise<void> {
    const handed = await arrival.session.inTurn(() => this.#admit(arrival));
    await handed?.reported;
  }

  /** Everything that must be done in the order of packages. What comes after that is wrapped, so as not to wait. */
  async #admit(arrival: Arrival): Promise<{ readonly reported: Promise<void> } | undefined> {
    const { data, session } = arrival;
    const { account, mail, users, voice } = this.#parts;
    if (session.isShutOut) return undefined;
    if (!session.isNeighbour) await this.#pace(1, data.length, session);
    const message = arrival.message ?? (await this.#parse(data, session));
    if (message === undefined) return undefined;
    if (this.#isStopping) {
      await voice.refuse(session, { reason: 'stopping', retryAfter: stoppingRetry }, message);
      return undefined;
    }
    const { sender, receiver } = message.envelope;
    const kind = receiverKind(receiver, account.id);
    if (kind === 'station') {
      this.#countOffence(await mail.answer(message, session), session);
      if (session.user !== undefined) this.#strangers.delete(session);
      return undefined;
    }
    if (session.user === undefined) {
      this.#countOffence(await mail.askToLogIn(message, session), session);
      return undefined;
    }
    if (!session.isNeighbour && !equalID(sender, session.user)) {
      return this.#refuse('not-your-message', message, session);
    }
    if (users.isBanned(session.user)) {
      await voice.refuse(session, { reason: 'banned' }, message);
      session.shutOut('The station serves you no more.');
      return undefined;
    }
    const read = { ...arrival, message };
    if (!(await this.#isSenders(read))) return undefined;
    // for each member it becomes a message of its own
    const copies = (message.encryptedKeys?.size ?? 0) - 1;
    if (copies > 0 && !session.isNeighbour) await this.#pace(copies, copies * message.data.length, session);
    if (kind === 'everybody') await mail.answer(message, session);
    return { reported: this.#answers.relay(read) };
  }

  /** Whether the sender has signed a message; if not it is refused. */
  async #isSenders({ message, session }: ReadArrival): Promise<boolean> {
    const { facebook } = this.#parts.account;
    const bad = await checkSender(message, facebook, this.#parts.voice.transceiver);
    if (bad !== undefined) {
      await this.#refuse(bad, message, session);
      return false;
    }
    if (!session.isNeighbour) {
      session.senderKey ??= (await facebook.barrack.loadMeta(message.envelope.sender))?.key;
    }
    return true;
  }

  async #parse(data: Uint8Array, session: ClientSession): Promise<ReliableMessage | undefined> {
    try {
      return parsePackage(data, this.#parts.account.facebook.protocol);
    } catch (error) {
      if (!String((error as DimpError).code).startsWith('ERR_')) throw error;
      // it has no sender who could be answered, but whoever logged in here sent it
      await this.#refuse('malformed', undefined, session);
      return undefined;
    }
  }

  /** Not read any further until his rate allows it: that costs nothing, where a refusal costs more than relaying. */
  async #pace(messages: number, bytes: number, session: ClientSession): Promise<void> {
    const limiter = session.limiter(this.#parts.limits);
    let wait = limiter.take(messages, bytes);
    while (wait > 0 && !session.isEnded && !this.#isStopping) {
      await setTimeout(Math.min(wait, longestNap) * 1000);
      wait = limiter.take(messages, bytes);
    }
  }

  async #refuse(
    reason: RefusalReason,
    message: ReliableMessage | undefined,
    session: ClientSession,
  ): Promise<undefined> {
    const refusal: Refusal = { reason };
    await this.#parts.voice.refuse(session, refusal, message);
    // a neighbour brings what others have made of it
    if (!session.isNeighbour) this.#countOffence('offence', session);
    return undefined;
  }

  #countOffence(outcome: 'answered' | 'refused' | 'offence', session: ClientSession): void {
    if (outcome !== 'offence' || ++session.offences < maxOffences) return;
    session.shutOut('Too many packages that break the rules.');
  }

  #closeStrangers(now: number): void {
    for (const session of this.#strangers) {
      if (now - session.since < this.#parts.limits.loginSeconds) return;
      session.shutOut('Not logged in for too long.');
    }
  }
}
