import type { Transceiver } from '@dimp/core';
import type { DimpError } from '@dimp/crypto';
import type { ReliableMessage } from '@dimp/dkd';
import type { Facebook } from '@dimp/sdk';
import type { RefusalReason } from './refusal.js';

/** Why the signature of a message is not accepted. */
export type BadSender = Extract<RefusalReason, 'bad-signature' | 'unknown-sender' | 'malformed'>;

/**
 * Checks who signed a message that is to be relayed; undefined when it was its sender. Keys are those in memory, and
 * nothing of the message is copied: this is done for every message.
 */
export async function checkSender(
  message: ReliableMessage,
  facebook: Facebook,
  transceiver: Transceiver,
): Promise<BadSender | undefined> {
  try {
    if (message.meta !== undefined) {
      await transceiver.verify(message);
      return undefined;
    }
    const user = await facebook.barrack.user(message.envelope.sender);
    if (user === undefined) return 'unknown-sender';
    const key = await user.findVerifyKey(message.data, message.signature);
    return key === undefined ? 'bad-signature' : undefined;
  } catch (error) {
    return badSenderOf(error);
  }
}

/** What an error of `Transceiver.verify` says of the sender. @throws the error, when it says nothing of him */
export function badSenderOf(error: unknown): BadSender {
  const reason = badSenders[(error as DimpError).code];
  if (reason === undefined) throw error;
  return reason;
}

const badSenders: Readonly<Record<string, BadSender>> = {
  ERR_SIGNATURE: 'bad-signature',
  ERR_META: 'bad-signature',
  ERR_NOT_FOUND: 'unknown-sender',
  // a meta that cannot be read, or an ID that names nobody who could sign
  ERR_PARSE: 'malformed',
  ERR_LIMIT: 'malformed',
  ERR_KEY_FORMAT: 'malformed',
  ERR_UNSUPPORTED: 'malformed',
};
