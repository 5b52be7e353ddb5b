import type { EncryptInstantOptions, Transceiver } from '@dimp/core';
import { NotFoundError } from '@dimp/crypto';
import { type InstantMessage, type ReliableMessage, splitMessage } from '@dimp/dkd';
import { formatMeta, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import type { Facebook } from './default-facebook.js';

/** What packing a message may be told. */
export interface PackOptions extends EncryptInstantOptions {
  /** Whether the sender's meta comes along, for a receiver who may not know him. */
  readonly attachMeta?: boolean;
}

/** A message that is ready to travel. */
export interface PackedMessage {
  readonly message: ReliableMessage;
  /** Members of the group who cannot read it. */
  readonly missing: readonly ID[];
}

/**
 * Encrypts and signs a message.
 * @throws {NotFoundError} something of the receiver, or the sender's private key, is not here
 */
export async function packMessage(
  instant: InstantMessage,
  facebook: Facebook,
  transceiver: Transceiver,
  options: PackOptions = {},
): Promise<PackedMessage> {
  const { sender } = instant.envelope;
  // before anything is encrypted: without it the work would be for nothing
  if ((await facebook.barrack.loadSignKey(sender)) === undefined) {
    throw new NotFoundError('private key', sender.text, 'only local users send; register or import him.');
  }
  const { message, missing } = await transceiver.encrypt(instant, options);
  const meta = options.attachMeta === true ? await facebook.loadMeta(sender) : undefined;
  const signed = await transceiver.sign(
    meta === undefined ? message : { ...message, meta: formatMeta(meta) },
  );
  return { message: signed, missing };
}

/** The messages that a signed one becomes when it is split here: one for each member that has a key in it. */
export function splitForMembers(
  message: ReliableMessage,
  facebook: Facebook,
  sender: ID,
): readonly ReliableMessage[] {
  const { receiver } = message.envelope;
  if (!isGroupID(receiver) || isBroadcastID(receiver) || message.encryptedKeys === undefined)
    return [message];
  const members = [...message.encryptedKeys.keys()].map(text => facebook.parseID(text));
  const others = members.filter(member => member.key !== sender.key);
  return splitMessage(message, others, facebook.protocol);
}
