import type { AttachmentHandler, KeyStore } from '@dimp/core';
import type { InstantMessage } from '@dimp/dkd';
import type { Awaitable, ID } from '@dimp/mkm';
import type { Conversations } from './conversations.js';
import type { Facebook } from './default-facebook.js';
import type { Labels } from './labels.js';
import type { MessengerStore } from './messenger-store.js';
import type { Outbox } from './outbox.js';
import type { ProcessorFactory } from './processor.js';
import type { ReplayMemory } from './replay-memory.js';
import type { Resolver } from './resolver.js';
import type { Transport } from './transport.js';
import type { WaitingList } from './waiting-list.js';
import type { WaitingRoomOptions } from './waiting-room.js';

/** How a messenger is made. Everything has a default that lives in memory. */
export interface MessengerOptions {
  /** With a store, one over its archive when absent. */
  readonly facebook?: Facebook;
  /**
   * Keeps everything beyond a run: what one message changes is saved as one, and told when it is on disk. Its ports are
   * used where none are given here. One that is given here is not part of what is saved as one.
   */
  readonly store?: MessengerStore;
  readonly keyStore?: KeyStore;
  /** Keeps what is said: all contents but commands and forwards. Absent for not keeping it. */
  readonly conversations?: Conversations;
  /**
   * Packages go out through it in the order in which they were sent, and stay in it while the transport does not work.
   * Absent for handing them to the transport at once: one that it does not take has failed.
   */
  readonly outbox?: Outbox;
  /** Messages that wait are put here, too, and wait on in the next run. Absent for ending them with this one. */
  readonly waitingList?: WaitingList;
  /** The way to others. Without one nothing can be sent; packages are handed in and their replies out. */
  readonly transport?: Transport;
  readonly attachments?: AttachmentHandler;
  /** `defaultProcessors()` when absent. */
  readonly processors?: Iterable<ProcessorFactory>;
  /** Asks for what a message waits for. */
  readonly resolver?: Resolver;
  /** Which messages were accepted before; false for none, so that a repeat is processed again. */
  readonly replay?: ReplayMemory | false;
  readonly waiting?: WaitingRoomOptions;
  /** Whether contents are bound to their envelopes; true when absent. */
  readonly bind?: boolean;
  /** When the sender's meta comes along: to who neither wrote to him nor was sent it (the default), or never. */
  readonly attachMeta?: 'first' | 'never';
  /** Keeps an accepted message. When it says false nothing is answered; the message was accepted all the same. */
  readonly saveMessage?: (message: InstantMessage, labels: Labels) => Awaitable<boolean>;
  /** Seconds since 1970. */
  readonly clock?: () => number;
}

/** How one is made that brings no protocol along. */
export interface BareMessengerOptions extends MessengerOptions {
  readonly facebook: Facebook;
}

/** What sending may be told. */
export interface SendOptions {
  /** A local user; the current one when absent. */
  readonly sender?: ID;
  /** A group message is split here, one package for each member, instead of by a station. */
  readonly split?: boolean;
  /** Whether the sender's meta comes along, as with the first handshake; as `MessengerOptions` say when absent. */
  readonly attachMeta?: boolean;
  readonly signal?: AbortSignal;
  /** Called with the members done and their number while a group's keys are encrypted. */
  readonly onProgress?: (done: number, total: number) => void;
}
