import { encodeBase64 } from '@dimp/crypto/format';
import type { ReliableMessage } from '@dimp/dkd';
import { type ReadArrival, tryReadPackage } from './arrival.js';
import type { ClientSession } from './client-session.js';
import type { Ack } from './connection.js';
import type { StationLog } from './log.js';
import type { Metrics } from './metrics.js';
import { createStationReceipt, deliveryTexts } from './receipts.js';
import type { Refusal } from './refusal.js';
import type { MessageRelay, Relayed } from './relay.js';
import type { SessionDirectory } from './session.js';
import type { StationAccount } from './station-account.js';
import type { Voice } from './voice.js';

/** What senders are answered by. */
export interface AnswerParts {
  readonly account: Pick<StationAccount, 'facebook'>;
  readonly voice: Voice;
  readonly relay: Pick<MessageRelay, 'accept'>;
  readonly sessions: Pick<SessionDirectory, 'ofUser'>;
  readonly metrics: Metrics;
  readonly log?: StationLog | undefined;
}

/** Seconds after which a message that could not be stored may be sent again. */
const storageRetry = 10;

/** Gives messages to the relay, and tells each sender what became of his: an acknowledgement, a receipt or a refusal. */
export class SenderAnswers {
  readonly #parts: AnswerParts;
  #relayedCount = 0;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /** Messages that were given to the relay, in all. */
  get relayedCount(): number {
    return this.#relayedCount;
  }

  /** Gives a message to the relay, which gets it now; resolves when its sender was told what became of it. */
  relay(arrival: ReadArrival): Promise<void> {
    const { message, data, session, time } = arrival;
    this.#relayedCount++;
    const relayed = this.#parts.relay.accept(message, data, session);
    return session.wantsAcks
      ? this.#acknowledge(relayed, ackOf(message), time, data, session)
      : relayed.then(
          outcome => this.#report(outcome, arrival),
          error => this.#report(this.#notStored(error), arrival),
        );
  }

  /** While thousands wait for the disk, no more is kept of each than its acknowledgement and the package itself. */
  #acknowledge(
    relayed: Promise<Relayed>,
    ack: Ack,
    time: number,
    data: Uint8Array,
    session: ClientSession,
  ): Promise<void> {
    return relayed.then(
      outcome => {
        if (outcome.kind === 'refused') return this.#refuse(outcome.refusal, data, session);
        this.#count(outcome, time);
        return session.connection.sendAck(ack);
      },
      error => this.#refuse(this.#notStored(error).refusal, data, session),
    );
  }

  async #refuse(refusal: Refusal, data: Uint8Array, session: ClientSession): Promise<void> {
    const { account, voice } = this.#parts;
    await voice.refuse(session, refusal, tryReadPackage(data, account.facebook.protocol));
  }

  async #report(outcome: Relayed, { message, session, time }: ReadArrival): Promise<void> {
    const { voice, sessions } = this.#parts;
    if (outcome.kind === 'refused') {
      await voice.refuse(session, outcome.refusal, message);
      return;
    }
    this.#count(outcome, time);
    const isOnline =
      outcome.kind === 'stored' ? outcome.isOnline : sessions.ofUser(message.envelope.receiver).length > 0;
    const receipt = createStationReceipt(isOnline ? deliveryTexts.online : deliveryTexts.offline, message);
    if (session.user !== undefined) await voice.say(receipt, session.user, session);
  }

  #count({ kind }: Relayed, time: number): void {
    if (kind === 'stored') this.#parts.metrics.accepted((performance.now() - time) / 1000);
  }

  /** The disk failed, or something that nobody thought of. */
  #notStored(error: unknown): Extract<Relayed, { readonly kind: 'refused' }> {
    this.#parts.log?.logger.error({ err: error }, 'message not stored');
    return { kind: 'refused', refusal: { reason: 'storage', retryAfter: storageRetry } };
  }
}

function ackOf({ envelope, signature }: ReliableMessage): Ack {
  return { time: envelope.time ?? 0, signature: encodeBase64(signature) };
}
