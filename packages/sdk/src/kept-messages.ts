import type { DimpError } from '@dimp/crypto';
import { type Content, type InstantMessage, isCommand } from '@dimp/dkd';
import { entityKind, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import { type ReceiptCommand, receiptOrigin } from './commands/receipt.js';
import type { MessageChange, MessageFailure, MessagePlace, MessageState } from './conversations.js';
import type { Emitter } from './emitter.js';
import type { MessengerEvents } from './events.js';
import type { Labels } from './labels.js';
import type { Work } from './work.js';

/** Whether a content is something said, and not a command or an envelope for other messages. */
function isSaid(content: Content): boolean {
  return !isCommand(content) && content.kind !== 'forward';
}

/** Keeps an accepted message. Undefined when it is not of a kind that is kept, or there is nowhere to keep it. */
export async function keepReceived(
  message: InstantMessage,
  receiver: ID,
  labels: Labels,
  time: number,
  work: Work,
): Promise<MessagePlace | undefined> {
  const { content, envelope } = message;
  if (!isSaid(content)) return undefined;
  const conversation = { user: receiver, peer: content.group ?? envelope.sender };
  return work.conversations?.add(conversation, { message, direction: 'in', state: 'received', time, labels });
}

/** Keeps a message that is being sent, as `keepReceived`. */
export async function keepSent(
  message: InstantMessage,
  { state, failure }: { readonly state: MessageState; readonly failure?: MessageFailure },
  time: number,
  work: Work,
): Promise<MessagePlace | undefined> {
  const { content, envelope } = message;
  if (!isSaid(content)) return undefined;
  const conversation = { user: envelope.sender, peer: content.group ?? envelope.receiver };
  const kept = { message, direction: 'out', state, time, ...(failure && { failure }) } as const;
  return work.conversations?.add(conversation, kept);
}

/** Notes what became of a message, and tells of it when that is saved. */
export async function noteChange(
  place: MessagePlace | undefined,
  change: MessageChange,
  work: Work,
  events: Emitter<MessengerEvents>,
): Promise<void> {
  if (place === undefined || work.conversations === undefined) return;
  await work.conversations.update(place, change);
  work.whenSaved(() => events.emit('message-state', { ...change, place }));
}

/** An error as the reason why a message failed. */
export function failureOf({ code, message }: DimpError): MessageFailure {
  return { code, reason: message };
}

/**
 * Notes a receipt with the message it is for: one that the local user sent with this serial number, to who sends the
 * receipt, or to a group that he is in, or that a station carried. Receipts of others are not believed.
 */
export async function noteReceipt(
  receipt: ReceiptCommand,
  { sender, receiver, time }: { readonly sender: ID; readonly receiver: ID; readonly time: number },
  work: Work,
  events: Emitter<MessengerEvents>,
): Promise<void> {
  const { conversations } = work;
  if (conversations === undefined || receipt.serialNumber === undefined) return;
  for (const place of await conversations.findSent(receiver, receipt.serialNumber)) {
    const state = await stateBy(sender, place.peer, receipt, work);
    if (state === undefined) continue;
    const change = { state, receipt: { sender, time, text: receipt.message } };
    await noteChange(place, change, work, events);
  }
}

/** What a receipt of this sender makes of a message to this peer. */
async function stateBy(
  sender: ID,
  peer: ID,
  receipt: ReceiptCommand,
  { facebook }: Work,
): Promise<MessageState | undefined> {
  if (sender.key === peer.key) return 'received';
  if (entityKind(sender.address.network) === 'station') {
    // it sees envelopes of many, so it has to say which it means
    const [quoted] = receiptOrigin(receipt)?.receiver.split('/') ?? [];
    return quoted === peer.key ? 'delivered' : undefined;
  }
  const group = isGroupID(peer) && !isBroadcastID(peer) ? await facebook.group(peer) : undefined;
  return (await group?.isMember(sender)) === true ? 'received' : undefined;
}
