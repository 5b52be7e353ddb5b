import type { ReliableMessage } from '@dimp/dkd';
import type { Refusal } from './refusal.js';
import type { Session } from './session.js';

/** What the relay did with a message that is not for the station itself. */
export type Relayed =
  /** On disk; `isOnline`: a session of the receiver gets it now. */
  | { readonly kind: 'stored'; readonly isOnline: boolean }
  /** Came before: there is nothing more to do, and the sender is told as at the first time. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Takes messages from those who may send them to where they are kept, and on to who is here. */
export interface MessageRelay {
  /**
   * Takes a message whose signature and sender have been checked.
   * @param data the package as it came, for it goes on byte for byte
   * @param from the session it came by
   */
  accept(message: ReliableMessage, data: Uint8Array, from: Session): Promise<Relayed>;
  /** A session has logged in, or is online again: it gets what is kept for it, and what comes. */
  attach(session: Session): void;
  /** It is gone, or offline. */
  detach(session: Session): void;
  /** The session's client has a package. */
  acknowledged(session: Session, signature: string): void;
  /** Takes nothing more in, and resolves when what was taken is on disk and handed over as far as readers read. */
  close(): Promise<void>;
}
