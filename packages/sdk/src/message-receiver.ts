import { LimitError, limits, NotFoundError } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import {
  type Content,
  createInstantMessage,
  type InstantMessage,
  type ReliableMessage,
  trimMessage,
} from '@dimp/dkd';
import { equalID, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import type { ReceiptCommand } from './commands/receipt.js';
import type { Facebook } from './default-facebook.js';
import { asDimpError, NotForUsError } from './errors.js';
import type { AcceptedContent } from './events.js';
import { keepReceived } from './kept-messages.js';
import { type Labels, labelsOf } from './labels.js';
import type { Processed, ReceivedContent } from './processor.js';
import type { Arrival, Received } from './received.js';
import type { Missing } from './resolver.js';
import { verifySender } from './verify-sender.js';
import type { Work } from './work.js';

/** What receiving works with. */
export interface ReceiverParts {
  /** What the message changes goes through it. */
  readonly work: Work;
  readonly clock: () => number;
  process(content: Content, received: ReceivedContent): Promise<Processed>;
  /** Packs an answer; undefined when it could not be, which was told then. */
  reply(instant: InstantMessage): Promise<ReliableMessage | undefined>;
  /** Keeps an accepted message; false when that was refused, and then nothing is answered. */
  save(message: InstantMessage, labels: Labels): Promise<boolean>;
  /** Notes a receipt with the message that it is for. */
  note(receipt: ReceiptCommand, received: ReceivedContent): Promise<void>;
  /** Tells what was accepted, when it is saved. */
  tell(accepted: AcceptedContent): void;
  /** Lets a message wait; it goes on with the same arrival. */
  suspend(message: ReliableMessage, missing: Missing, arrival: Arrival): Promise<void>;
}

/** Takes a message through verifying, choosing who it is for, opening and processing. Never throws. */
export async function receiveMessage(
  message: ReliableMessage,
  arrival: Arrival,
  parts: ReceiverParts,
): Promise<Received> {
  try {
    return await receive(message, arrival, parts);
  } catch (error) {
    if (error instanceof NotForUsError) {
      const stray = error.reliableMessage;
      return { kind: 'not-for-us', message: stray, receiver: stray.envelope.receiver };
    }
    return { kind: 'rejected', message, error: asDimpError(error) };
  }
}

async function receive(message: ReliableMessage, arrival: Arrival, parts: ReceiverParts): Promise<Received> {
  if (arrival.depth > limits.forwardDepth) {
    throw new LimitError('Content.forward', `expected at most ${limits.forwardDepth} forwards in forwards`);
  }
  const { work, clock } = parts;
  const { facebook, transceiver, replay } = work;
  const { sender } = message.envelope;
  // nobody is everybody: no meta will ever come for a broadcast ID
  const canWait = message.meta === undefined && !isBroadcastID(sender);
  if (canWait && (await facebook.loadMeta(sender)) === undefined) {
    return suspend(message, { what: 'meta', id: sender, sender }, arrival, parts);
  }
  const verified = await verifySender(message, work);
  const receiver = await chooseReceiver(message, arrival, parts);
  if (typeof receiver === 'object' && 'what' in receiver) return suspend(message, receiver, arrival, parts);
  if (receiver === undefined) throw new NotForUsError(message);
  const fingerprint = fingerprintOf(message, receiver);
  if (await replay?.has(fingerprint)) return { kind: 'duplicate', message };
  const isForGroup = isGroupID(message.envelope.receiver);
  const own = isForGroup ? trimMessage(verified.message, receiver, facebook.protocol) : verified.message;
  const opened = await transceiver.decrypt(own as typeof verified.message, receiver);
  const { content } = opened.message;
  const protection = { signature: verified.signature, ...opened.protection };
  const labels = await labelsOf(protection, sender, content, facebook);
  const { as, depth } = arrival;
  const received: ReceivedContent = {
    sender,
    receiver,
    ...(as && { as }),
    message: opened.message,
    labels,
    depth,
  };
  const processed = await parts.process(content, received);
  const noted = { ...opened.message, content: processed.content ?? content };
  const saved = await parts.save(noted, labels);
  const place = saved ? await keepReceived(noted, receiver, labels, clock(), work) : undefined;
  if (content.kind === 'receipt-command') await parts.note(content, received);
  await replay?.add(fingerprint, clock());
  const replies = saved ? await replyAll(processed.answers, received, parts) : [];
  parts.tell({
    content: noted.content,
    sender,
    receiver,
    ...(content.group && { group: content.group }),
    message: noted,
    labels,
    ...(arrival.forwardedBy && { forwardedBy: arrival.forwardedBy }),
    ...(place && { place }),
  });
  return { kind: 'accepted', message: noted, labels, receiver, replies, ...(place && { place }) };
}

async function suspend(
  message: ReliableMessage,
  missing: Missing,
  arrival: Arrival,
  parts: ReceiverParts,
): Promise<Received> {
  await parts.suspend(message, missing, arrival);
  return { kind: 'suspended', message, waitingFor: missing.id };
}

/** The local user a message is for; what is missing to tell; or undefined when it is nobody here. */
async function chooseReceiver(
  { envelope }: ReliableMessage,
  { as }: Arrival,
  { work: { facebook } }: ReceiverParts,
): Promise<ID | Missing | undefined> {
  const { receiver, sender } = envelope;
  if (isGroupID(receiver) && !isBroadcastID(receiver)) {
    if ((await facebook.loadMeta(receiver)) === undefined) return { what: 'meta', id: receiver, sender };
    const members = await facebook.loadMembers(receiver);
    if (members === undefined || members.length === 0) return { what: 'members', id: receiver, sender };
  }
  if (as === undefined) return (await facebook.selectLocalUser(receiver))?.id;
  if (isBroadcastID(receiver)) return as;
  if (!isGroupID(receiver)) return equalID(as, receiver) ? as : undefined;
  return (await (await facebook.group(receiver))?.isMember(as)) ? as : undefined;
}

async function replyAll(
  answers: readonly Content[],
  { sender, receiver }: ReceivedContent,
  parts: ReceiverParts,
): Promise<readonly ReliableMessage[]> {
  const replies: ReliableMessage[] = [];
  for (const answer of answers) {
    const envelope = { sender: receiver, receiver: sender, time: parts.clock() };
    const reply = await parts.reply(createInstantMessage(envelope, answer));
    if (reply !== undefined) replies.push(reply);
  }
  return replies;
}

/**
 * What names a message for one receiver: the parts of a split message share a signature, so the receiver is in
 * it; an ECDSA signature has a twin, so the signed bytes are in it and not the signature.
 */
function fingerprintOf(message: ReliableMessage, receiver: ID): string {
  const signed = encodeBase64(sha256(message.data));
  return encodeBase64(sha256(encodeUtf8(`${receiver.key}\n${message.envelope.sender.key}\n${signed}`)));
}

/** The thing that an error says is not here yet; undefined for other errors. */
export function missingOf(error: unknown, facebook: Facebook): Missing | undefined {
  if (!(error instanceof NotFoundError)) return undefined;
  const { what } = error;
  if (what !== 'meta' && what !== 'profile' && what !== 'members') return undefined;
  return { what, id: facebook.parseID(error.id) };
}

/** Whether something that was missing is here by now. */
export async function isHere({ what, id }: Missing, facebook: Facebook): Promise<boolean> {
  if (what === 'meta') return (await facebook.loadMeta(id)) !== undefined;
  if (what === 'profile') return (await facebook.loadProfile(id)) !== undefined;
  const members = await facebook.loadMembers(id);
  return members !== undefined && members.length > 0;
}
