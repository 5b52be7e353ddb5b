import type { Protection } from '@dimp/core';
import type { DimpError } from '@dimp/crypto';
import type { InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';

/** What became of a package that came in. Hostile or incomplete input is daily life, so it is a value. */
export type Received =
  | {
      readonly kind: 'accepted';
      readonly message: InstantMessage;
      /** What protects it. */
      readonly labels: Protection;
      /** The local user it was for. */
      readonly receiver: ID;
      /** What is to be sent back. */
      readonly replies: readonly ReliableMessage[];
    }
  /** The sender's meta, or who is in the group, is not here yet; the message waits. */
  | { readonly kind: 'suspended'; readonly message: ReliableMessage; readonly waitingFor: ID }
  /** Nobody here is meant; a station delivers it onward. Of a forward it is the message inside. */
  | { readonly kind: 'not-for-us'; readonly message: ReliableMessage; readonly receiver: ID }
  /** Seen before by this user; it was not delivered again. */
  | { readonly kind: 'duplicate'; readonly message: ReliableMessage }
  /** Malformed, bad signature, cannot be decrypted, bound to another envelope, not allowed. */
  | { readonly kind: 'rejected'; readonly message?: ReliableMessage; readonly error: DimpError };

/** What became of a message that was to be sent. */
export type Sent =
  | {
      readonly kind: 'sent';
      /** One, or one for each member when a group message was split here. */
      readonly messages: readonly ReliableMessage[];
      /** Members of the group who cannot read it, because nothing is known to encrypt with for them. */
      readonly missing: readonly ID[];
    }
  /** The receiver's meta or profile, or who is in the group, is not here yet; the message waits. */
  | { readonly kind: 'suspended'; readonly message: InstantMessage; readonly waitingFor: ID }
  | { readonly kind: 'failed'; readonly message: InstantMessage; readonly error: DimpError };
