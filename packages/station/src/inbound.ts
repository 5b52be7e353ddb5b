import { setTimeout } from 'node:timers/promises';
import { parsePackage } from '@dimp/core';
import type { DimpError } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import type { ReliableMessage } from '@dimp/dkd';
import { equalID } from '@dimp/mkm';
import { ClientSession } from './client-session.js';
import type { Ack, Connection, ConnectionHandler } from './connection.js';
import { Guest, type GuestHost } from './guest.js';
import type { Handshakes } from './handshake.js';
import type { StationLog } from './log.js';
import type { Metrics } from './metrics.js';
import type { StationLimits } from './options.js';
import { createStationReceipt, deliveryTexts } from './receipts.js';
import { receiverKind } from './receiver-kind.js';
import type { Refusal, RefusalReason } from './refusal.js';
import type { MessageRelay, Relayed } from './relay.js';
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

/** A message that the relay has, in the order in which it came. */
interface Handed {
  readonly message: ReliableMessage;
  readonly relayed: Promise<Relayed>;
  /** When it came, in milliseconds. */
  readonly arrival: number;
}

/**
 * Between the connections and the relay: reads packages, sees who may send them, has the station's own answered and
 * hands the others on, those of one connection in their order. The sender hears when his message is on disk.
 */
export class Inbound implements GuestHost {
  readonly #parts: InboundParts;
  /** Connections that have not logged in, oldest first. */
  readonly #strangers = new Set<ClientSession>();
  #underWay = 0;
  #relayedCount = 0;
  #isStopping = false;
  #idle: (() => void) | undefined;

  constructor(parts: InboundParts) {
    this.#parts = parts;
    parts.watchdog.alsoCall(now => this.#closeStrangers(now));
  }

  /** Messages that came and were not for the station, in all. */
  get relayedCount(): number {
    return this.#relayedCount;
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

  async take(data: Uint8Array, session: ClientSession): Promise<void> {
    const arrival = performance.now();
    this.#underWay++;
    try {
      const handed = await session.inTurn(() => this.#admit(data, session, arrival));
      if (handed !== undefined) await this.#report(handed, session);
    } catch (error) {
      // a fault of the station; the client is not to wait for an answer
      this.#parts.log?.logger.error({ err: error, connection: session.connection.number }, 'package failed');
      session.connection.close('internal', 'The station failed.');
    } finally {
      this.#underWay--;
      if (this.#underWay === 0) this.#idle?.();
    }
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

  /** Everything that must be done in the order of packages. What is handed to the relay is wrapped, so as not to wait. */
  async #admit(data: Uint8Array, session: ClientSession, arrival: number): Promise<Handed | undefined> {
    const { account, mail, users, voice, relay, limits } = this.#parts;
    if (session.isShutOut) return undefined;
    const wait = session.isNeighbour ? 0 : session.limiter(limits).take(1, data.length);
    if (wait > 0) await this.#hold(wait, data.length, session);
    const message = await this.#parse(data, session);
    if (message === undefined) return undefined;
    if (this.#isStopping) {
      await voice.refuse(session, { reason: 'stopping', retryAfter: stoppingRetry }, message);
      return undefined;
    }
    const { sender, receiver } = message.envelope;
    const kind = receiverKind(receiver, account.id);
    if (kind === 'station') {
      this.#count(await mail.answer(message, session), session);
      if (session.user !== undefined) this.#strangers.delete(session);
      return undefined;
    }
    if (session.user === undefined) {
      this.#count(await mail.askToLogIn(message, session), session);
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
    const bad = await checkSender(message, account.facebook, voice.transceiver);
    if (bad !== undefined) return this.#refuse(bad, message, session);
    if (kind === 'everybody') await mail.answer(message, session);
    this.#relayedCount++;
    return { message, relayed: relay.accept(message, data, session), arrival };
  }

  async #report({ message, relayed, arrival }: Handed, session: ClientSession): Promise<void> {
    const { metrics, sessions, log } = this.#parts;
    let outcome: Relayed;
    try {
      outcome = await relayed;
    } catch (error) {
      log?.logger.error({ err: error }, 'message not stored');
      outcome = { kind: 'refused', refusal: { reason: 'storage', retryAfter: stoppingRetry } };
    }
    if (outcome.kind === 'refused') return this.#parts.voice.refuse(session, outcome.refusal, message);
    if (outcome.kind === 'stored') metrics.accepted((performance.now() - arrival) / 1000);
    if (session.wantsAcks) {
      const { envelope, signature } = message;
      session.connection.sendAck({ time: envelope.time ?? 0, signature: encodeBase64(signature) });
      return;
    }
    const isOnline =
      outcome.kind === 'stored' ? outcome.isOnline : sessions.ofUser(message.envelope.receiver).length > 0;
    const receipt = createStationReceipt(isOnline ? deliveryTexts.online : deliveryTexts.offline, message);
    if (session.user !== undefined) await this.#parts.voice.say(receipt, session.user, session);
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
  async #hold(seconds: number, bytes: number, session: ClientSession): Promise<void> {
    let wait = seconds;
    while (wait > 0 && !session.isEnded && !this.#isStopping) {
      await setTimeout(wait * 1000);
      wait = session.limiter(this.#parts.limits).take(1, bytes);
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
    if (!session.isNeighbour) this.#count('offence', session);
    return undefined;
  }

  #count(outcome: 'answered' | 'refused' | 'offence', session: ClientSession): void {
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
