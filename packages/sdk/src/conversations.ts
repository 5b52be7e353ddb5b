import type { InstantMessage } from '@dimp/dkd';
import type { Awaitable, ID } from '@dimp/mkm';
import type { Labels } from './labels.js';

/** What a local user and somebody else, or a group, have said. IDs compare without terminals. */
export interface Conversation {
  /** The local user. */
  readonly user: ID;
  /** A user or a group. */
  readonly peer: ID;
}

/** Where a message is. Numbers go up within a conversation in the order in which its messages were kept. */
export interface MessagePlace extends Conversation {
  readonly number: number;
}

/** How far a message has come. It only goes forward, so news that come late change nothing. */
export const messageStates = ['queued', 'failed', 'sent', 'delivered', 'received'] as const;

/**
 * - `queued`: waits for something of the receiver, or for the transport;
 * - `failed`: will not go out any more, see `failure`;
 * - `sent`: the transport took it;
 * - `delivered`: a station says that it handed it over;
 * - `received`: the receiver, or a member of the group, says that it came. What came from others is `received`, too.
 */
export type MessageState = (typeof messageStates)[number];

/** Why a message failed. */
export interface MessageFailure {
  /** As of a `DimpError`. */
  readonly code: string;
  /** For people. */
  readonly reason: string;
}

/** Somebody says that a message came. */
export interface MessageReceipt {
  readonly sender: ID;
  /** When it came here, in seconds. */
  readonly time: number;
  /** For people; may be empty. */
  readonly text: string;
}

/** A message that is to be kept. */
export interface NewMessage {
  readonly message: InstantMessage;
  readonly direction: 'in' | 'out';
  readonly state: MessageState;
  /** When it came or was written here, in seconds. */
  readonly time: number;
  /** What protects it; absent for what was sent. */
  readonly labels?: Labels;
  readonly failure?: MessageFailure;
}

/** A message that was kept. */
export interface KeptMessage extends NewMessage {
  readonly number: number;
  /** In the order in which they came, one of each sender and text. */
  readonly receipts: readonly MessageReceipt[];
}

/** What became of a message. */
export interface MessageChange {
  readonly state: MessageState;
  readonly failure?: MessageFailure;
  readonly receipt?: MessageReceipt;
}

/** A conversation at a glance. */
export interface ConversationSummary extends Conversation {
  /** Messages that are kept. */
  readonly count: number;
  /** Messages from others that were not read. */
  readonly unread: number;
  /** The newest message that was ever kept: its number and time. */
  readonly last: number;
  readonly time: number;
}

/** Which messages are asked for: those before a number, newest first, or those after one, oldest first. */
export interface MessagePage {
  readonly before?: number;
  /** 0 for the oldest. Without either the newest come first. */
  readonly after?: number;
  /** 50 when absent. */
  readonly limit?: number;
}

/** How much of each conversation is kept. The oldest go first. What is absent is no bound. */
export interface Retention {
  /** Seconds. */
  readonly maxAge?: number;
  readonly maxMessages?: number;
  /** Bytes of the messages as JSON. */
  readonly maxBytes?: number;
}

/**
 * A port: what was said, in the order in which it came or was written here.
 *
 * What goes beyond its retention goes when the next message of the conversation comes, or with `sweep`.
 */
export interface Conversations {
  /**
   * Keeps a message as the newest of its conversation. In a unit of a store the number is in the place when the unit is
   * merged, so the place is handed on as it is and not copied before.
   */
  add(conversation: Conversation, message: NewMessage): Awaitable<MessagePlace>;
  /** Notes what became of a message. One that is not there any more is left alone. */
  update(place: MessagePlace, change: MessageChange): Awaitable<void>;
  load(place: MessagePlace): Awaitable<KeptMessage | undefined>;
  list(conversation: Conversation, page?: MessagePage): Awaitable<readonly KeptMessage[]>;
  /** Where messages are that a local user sent with this serial number, for matching receipts. */
  findSent(user: ID, serialNumber: number): Awaitable<readonly MessagePlace[]>;

  /** Undefined when there is no message and never was. */
  loadSummary(conversation: Conversation): Awaitable<ConversationSummary | undefined>;
  /** All conversations of a local user, the one with the newest message first. */
  listSummaries(user: ID): Awaitable<readonly ConversationSummary[]>;
  /** @param upTo the last number that was read; the newest when absent */
  markRead(conversation: Conversation, upTo?: number): Awaitable<void>;

  remove(place: MessagePlace): Awaitable<void>;
  /** Removes a conversation with all its messages. */
  removeAll(conversation: Conversation): Awaitable<void>;
  /** Removes what goes beyond the retention, everywhere. */
  sweep(): Awaitable<void>;

  /**
   * Messages in which all of this is said, newest first: whole words, large or small letters; for scripts without
   * spaces any part of a text.
   */
  search(
    conversation: Conversation,
    text: string,
    page?: Pick<MessagePage, 'before' | 'limit'>,
  ): Awaitable<readonly KeptMessage[]>;
}

/** A kept message after a change, or the same when the change says nothing new. */
export function changeMessage(message: KeptMessage, { state, failure, receipt }: MessageChange): KeptMessage {
  const goesOn = messageStates.indexOf(state) > messageStates.indexOf(message.state);
  const isNews = receipt !== undefined && !message.receipts.some(known => isSameReceipt(known, receipt));
  if (!goesOn && !isNews) return message;
  const { failure: before, ...others } = message;
  const reason = goesOn ? failure : before;
  return {
    ...others,
    ...(goesOn && { state }),
    ...(reason && { failure: reason }),
    ...(isNews && { receipts: [...message.receipts, receipt] }),
  };
}

/** The name of a conversation among all of a program. A blank cannot stand in an address. */
export function conversationName({ user, peer }: Conversation): string {
  return `${user.key} ${peer.key}`;
}

function isSameReceipt(a: MessageReceipt, b: MessageReceipt): boolean {
  return a.sender.key === b.sender.key && a.text === b.text;
}
