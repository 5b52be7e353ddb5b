import type { DimpError } from '@dimp/crypto';
import type { InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import type { MessagePlace } from './conversations.js';
import type { Labels } from './labels.js';

/** Where a message came in. */
export interface Arrival {
  /** The local user it is offered to; chosen by its receiver when absent. */
  readonly as?: ID;
  /** How many messages it came inside of. */
  readonly depth: number;
  readonly forwardedBy?: ID;
}

/** What became of a package that came in. Hostile or incomplete input is daily life, so it is a value. */
export type Received =
  | {
      readonly kind: 'accepted';
      readonly message: InstantMessage;
      /** What protects it. */
      readonly labels: Labels;
      /** The local user it was for. */
      readonly receiver: ID;
      /** What is to be sent back. */
      readonly replies: readonly ReliableMessage[];
      /** In its conversation; absent when it is in none. */
      readonly place?: MessagePlace;
    }
  /** The sender's meta, or who is in the group, is not here yet; the message waits. */
  | { readonly kind: 'suspended'; readonly message: ReliableMessage; readonly waitingFor: ID }
  /** Nobody here is meant; a station delivers it onward. Of a forward it is the message inside. */
  | { readonly kind: 'not-for-us'; readonly message: ReliableMessage; readonly receiver: ID }
  /** Seen before by this user; it was not delivered again. */
  | { readonly kind: 'duplicate'; readonly message: ReliableMessage }
  /** Malformed, bad signature, cannot be decrypted, bound to another envelope, not allowed. */
  | { readonly kind: 'rejected'; readonly message?: ReliableMessage; readonly error: DimpError };

/**
 * What became of a message that was to be sent. With a store it is told when it is on disk. `place` is where the message
 * stands in its conversation, if it is in one.
 */
export type Sent =
  | {
      readonly kind: 'sent';
      /** One, or one for each member when a group message was split here. */
      readonly messages: readonly ReliableMessage[];
      /** Members of the group who cannot read it, because nothing is known to encrypt with for them. */
      readonly missing: readonly ID[];
      readonly place?: MessagePlace;
    }
  /** It is in the outbox and goes out when the transport works, in its turn. `error` says why not now. */
  | {
      readonly kind: 'queued';
      readonly message: InstantMessage;
      readonly error?: DimpError;
      readonly place?: MessagePlace;
    }
  /** The receiver's meta or profile, or who is in the group, is not here yet; the message waits. */
  | {
      readonly kind: 'suspended';
      readonly message: InstantMessage;
      readonly waitingFor: ID;
      readonly place?: MessagePlace;
    }
  | {
      readonly kind: 'failed';
      readonly message: InstantMessage;
      readonly error: DimpError;
      readonly place?: MessagePlace;
    };
