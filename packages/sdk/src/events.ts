import type { DimpError } from '@dimp/crypto';
import type { Command, Content, InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { ID, Profile } from '@dimp/mkm';
import type { ReceiptCommand } from './commands/receipt.js';
import type { MessageChange, MessagePlace } from './conversations.js';
import type { Labels } from './labels.js';
import type { Received, Sent } from './received.js';

/** A content that was accepted, with what is known of its message. */
export interface AcceptedContent<C extends Content = Content> {
  readonly content: C;
  readonly sender: ID;
  /** The local user it was for. */
  readonly receiver: ID;
  /** As the content says, which is signed. */
  readonly group?: ID;
  readonly message: InstantMessage;
  /** What protects it. */
  readonly labels: Labels;
  /** Who brought it, when it came inside another message. */
  readonly forwardedBy?: ID;
  /** In its conversation; absent when it is in none. */
  readonly place?: MessagePlace;
}

/** What a messenger tells; with a store, when it is on disk. */
export interface MessengerEvents {
  /** Something said: any content but commands and forwards. */
  readonly message: AcceptedContent;
  readonly receipt: AcceptedContent<ReceiptCommand>;
  /** Any other command, after it was processed. */
  readonly command: AcceptedContent<Command>;
  /** A message waits for something of somebody. One of a group that went out without a member names the member. */
  readonly suspended: {
    readonly direction: 'in' | 'out';
    readonly waitingFor: ID;
    readonly message: ReliableMessage | InstantMessage;
  };
  /** A message that had waited for this went on. */
  readonly resumed:
    | { readonly direction: 'in'; readonly waitingFor: ID; readonly outcome: Received }
    | { readonly direction: 'out'; readonly waitingFor: ID; readonly outcome: Sent };
  /** A package came that is for nobody here; a carrier passes it on. */
  readonly 'not-for-us': { readonly message: ReliableMessage; readonly receiver: ID };
  /** A message came to nothing: it was refused, or waited in vain, or an answer could not be sent. */
  readonly rejected: {
    readonly direction: 'in' | 'out';
    readonly error: DimpError;
    readonly message?: ReliableMessage | InstantMessage;
  };
  /** A message in a conversation has come further, or failed. States only go forward, see `MessageState`. */
  readonly 'message-state': MessageChange & { readonly place: MessagePlace };
  readonly duplicate: { readonly message: ReliableMessage };
  readonly 'group-changed': {
    readonly group: ID;
    readonly members: readonly ID[];
    readonly added: readonly ID[];
    readonly removed: readonly ID[];
  };
  readonly 'profile-changed': { readonly id: ID; readonly profile: Profile };
}

/** The names of all events. */
export const messengerEvents: Readonly<Record<keyof MessengerEvents, true>> = {
  message: true,
  receipt: true,
  command: true,
  suspended: true,
  resumed: true,
  'not-for-us': true,
  rejected: true,
  'message-state': true,
  duplicate: true,
  'group-changed': true,
  'profile-changed': true,
};
