import { type DimpError, isJsonObject, type Verified } from '@dimp/crypto';
import type { ReliableMessage, SecureMessage } from '@dimp/dkd';
import { equalID, type Profile, parseProfile, profileTime } from '@dimp/mkm';
import { addressGroup } from './address-group.js';
import type { ClientSession } from './client-session.js';
import type { Desk } from './desk.js';
import type { Handshakes } from './handshake.js';
import type { StationLog } from './log.js';
import type { MessageRelay } from './relay.js';
import { badSenderOf } from './sender-check.js';
import type { SlowLane } from './slow-lane.js';
import type { StationAccount } from './station-account.js';
import type { Voice } from './voice.js';

/** What the station's own mail is dealt with by. */
export interface StationMailParts {
  readonly account: Pick<StationAccount, 'facebook' | 'id'>;
  readonly voice: Voice;
  readonly lane: SlowLane;
  readonly handshakes: Handshakes;
  readonly desk: Desk;
  readonly relay: Pick<MessageRelay, 'attach' | 'detach'>;
  readonly log?: StationLog | undefined;
}

/** What became of a message for the station. */
export type MailOutcome = 'answered' | 'refused' | 'offence';

/**
 * Opens what is for the station itself and has it answered: handshakes by their code, all else at the desk. All of it
 * costs private key operations, so it goes by the slow lane.
 */
export class StationMail {
  readonly #parts: StationMailParts;

  constructor(parts: StationMailParts) {
    this.#parts = parts;
  }

  /** Answers a message; never rejects for what is in it. */
  answer(message: ReliableMessage, session: ClientSession): Promise<MailOutcome> {
    return this.#parts.lane.run(addressGroup(session.connection.remote.address), () =>
      this.#answer(message, session),
    );
  }

  /** Asks a sender to log in, when it can be checked who he is. */
  askToLogIn(message: ReliableMessage, session: ClientSession): Promise<MailOutcome> {
    const { lane, handshakes, voice } = this.#parts;
    return lane.run(addressGroup(session.connection.remote.address), async () => {
      const verified = await this.#verify(message, session);
      if (verified === undefined) return 'offence';
      const { sender } = message.envelope;
      await voice.refuse(session, { reason: 'not-logged-in' }, message, sender);
      await handshakes.ask(sender, session);
      return 'refused';
    });
  }

  async #answer(message: ReliableMessage, session: ClientSession): Promise<MailOutcome> {
    if (session.isEnded) return 'refused';
    const verified = await this.#verify(message, session);
    if (verified === undefined) return 'offence';
    const { account, voice, handshakes, desk } = this.#parts;
    const { sender } = message.envelope;
    let opened: Awaited<ReturnType<Voice['transceiver']['decrypt']>>;
    try {
      opened = await voice.transceiver.decrypt(verified, account.id);
    } catch (error) {
      // damaged, for another key, re-addressed, or no content: a DimpError says which, and nobody can be helped by it
      if (!String((error as DimpError).code).startsWith('ERR_')) throw error;
      await voice.refuse(session, { reason: 'malformed' }, message);
      return 'offence';
    }
    const { content } = opened.message;
    if (content.kind === 'handshake-command') {
      await handshakes.answer(content, sender, session);
      return 'answered';
    }
    if (session.user !== undefined && !session.isNeighbour && !equalID(session.user, sender)) {
      await voice.refuse(session, { reason: 'not-your-message' }, message);
      return 'offence';
    }
    const time = account.facebook.clock();
    const answer = await desk.answer(content, {
      sender,
      message: opened.message,
      signed: message,
      session,
      time,
    });
    for (const one of answer.contents) await voice.say(one, sender, session);
    const { user } = session;
    if (answer.presence !== undefined && user !== undefined && equalID(user, sender)) {
      this.#setPresence(session, answer.presence);
    }
    return 'answered';
  }

  #setPresence(session: ClientSession, isOnline: boolean): void {
    if (session.isEnded || session.isPaused === !isOnline) return;
    session.isPaused = !isOnline;
    if (isOnline) this.#parts.relay.attach(session);
    else this.#parts.relay.detach(session);
  }

  async #verify(
    message: ReliableMessage,
    session: ClientSession,
  ): Promise<Verified<SecureMessage> | undefined> {
    try {
      const { message: verified } = await this.#parts.voice.transceiver.verify(message);
      await this.#adoptProfile(message);
      return verified;
    } catch (error) {
      const reason = badSenderOf(error);
      await this.#parts.voice.refuse(session, { reason }, message);
      return undefined;
    }
  }

  /**
   * Keeps a profile that came along: a user whose identity key only signs names in it the key to answer him with. An old
   * one must not replace a new one, so it must say a later time.
   */
  async #adoptProfile({ envelope: { sender }, extra }: ReliableMessage): Promise<void> {
    const json = extra['profile'] ?? extra['visa'];
    if (!isJsonObject(json)) return;
    const { facebook } = this.#parts.account;
    let profile: Profile;
    try {
      profile = parseProfile(json, facebook.protocol);
    } catch (error) {
      this.#parts.log?.logger.debug({ err: error }, 'profile not read');
      return;
    }
    const known = await facebook.loadProfile(sender);
    if (known !== undefined && !(profileTime(profile) > profileTime(known))) return;
    if (equalID(profile.id, sender)) await facebook.saveProfile(profile, sender);
  }
}
