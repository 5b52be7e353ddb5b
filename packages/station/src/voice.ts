import { formatPackage, MemoryKeyStore, Transceiver } from '@dimp/core';
import type { DimpError } from '@dimp/crypto';
import { type Content, createInstantMessage, type ReliableMessage } from '@dimp/dkd';
import { formatMeta, type ID } from '@dimp/mkm';
import type { ClientSession } from './client-session.js';
import type { StationLog } from './log.js';
import type { Metrics } from './metrics.js';
import { defaultLimits } from './options.js';
import { createRefusal } from './receipts.js';
import type { Refusal } from './refusal.js';
import type { StationAccount } from './station-account.js';

/** What the station speaks with. */
export interface VoiceParts {
  readonly account: Pick<StationAccount, 'facebook' | 'id' | 'meta'>;
  readonly metrics: Metrics;
  /** @see StationLimits.bufferedBytes */
  readonly bufferedBytes?: number;
  readonly log?: StationLog | undefined;
}

/** How many times the bytes that messages may fill may wait, with answers on top, before a connection is given up. */
const unreadFactor = 4;

/** What the station itself says: everything encrypted for the one it is for, and signed. */
export class Voice {
  readonly #parts: VoiceParts;
  /** Message keys are not kept: each message of the station has one of its own. */
  readonly transceiver: Transceiver;

  constructor(parts: VoiceParts) {
    this.#parts = parts;
    const { facebook } = parts.account;
    this.transceiver = new Transceiver({
      barrack: facebook.barrack,
      keyStore: new MemoryKeyStore(),
      clock: facebook.clock,
    });
  }

  /**
   * Sends a content by a session; whether it could be encrypted: nothing can be said to who has no key here. A session
   * whose answers pile up, as nobody reads them, is closed.
   * @param introduce whether the station's meta goes along
   */
  async say(content: Content, to: ID, session: ClientSession, introduce = false): Promise<boolean> {
    const { account, log, bufferedBytes = defaultLimits.bufferedBytes } = this.#parts;
    if (session.connection.bufferedBytes > unreadFactor * bufferedBytes) {
      session.shutOut('The answers are not read.');
      return false;
    }
    const envelope = { sender: account.id, receiver: to, time: account.facebook.clock() };
    let signed: ReliableMessage;
    try {
      const { message } = await this.transceiver.encrypt(createInstantMessage(envelope, content));
      signed = await this.transceiver.sign(message);
    } catch (error) {
      const { code } = error as DimpError;
      if (code !== 'ERR_NOT_FOUND' && code !== 'ERR_UNSUPPORTED') throw error;
      log?.logger.debug({ connection: session.connection.number, user: log.nameOf(to), code }, 'no answer');
      return false;
    }
    const meta = introduce ? formatMeta(account.meta) : undefined;
    session.connection.send(formatPackage(meta === undefined ? signed : { ...signed, meta }));
    return true;
  }

  /** Says that a message is not taken, to the session's user, else to a sender who has been checked. */
  async refuse(
    session: ClientSession,
    refusal: Refusal,
    message?: ReliableMessage,
    checked?: ID,
  ): Promise<void> {
    this.#parts.metrics.refused(refusal.reason);
    const to = session.user ?? checked;
    if (to !== undefined) await this.say(createRefusal(refusal, message), to, session);
  }
}
