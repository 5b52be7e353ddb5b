import type { Content, InstantMessage, ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import type { Facebook } from './default-facebook.js';
import type { Labels } from './labels.js';
import type { Received, Sent } from './received.js';

/** A content that came in, with what is known of its message. */
export interface ReceivedContent {
  readonly sender: ID;
  /** The local user it is for. */
  readonly receiver: ID;
  /** The local user it was offered to, when one was named. */
  readonly as?: ID;
  readonly message: InstantMessage;
  /** Absent when a content is processed without having been received. */
  readonly labels?: Labels;
  /** How many messages it came inside of. */
  readonly depth: number;
}

/** What processing a content gave. */
export interface Processed {
  /** What is answered to the sender, each as a message of its own. */
  readonly answers: readonly Content[];
  /** The content as the application is to keep it, when something was noted in it. */
  readonly content?: Content;
}

/**
 * Acts on contents of some kinds.
 *
 * It is refused by throwing: `RefusedError` for what the rules do not allow. Then there is no answer, and the
 * application is told.
 */
export interface Processor<C extends Content = Content> {
  /** The kinds it is for; `'*'` stands for all that no other processor is for. */
  readonly kinds: readonly (C['kind'] | '*')[];
  /**
   * @param components those of this message: what is changed through them is saved together with it, and what is sent
   * goes out after that. What a processor does through those its factory was given counts by itself.
   */
  process(content: C, received: ReceivedContent, components: ProcessorComponents): Promise<Processed>;
}

/** What processors are given to work with. */
export interface ProcessorComponents {
  readonly facebook: Facebook;
  /** Seconds since 1970. */
  readonly clock: () => number;
  /** Sends something to somebody beside the answer, from the local user it concerns. */
  send(content: Content, receiver: ID, sender: ID): Promise<Sent>;
  /** Processes a message that came inside another one, as if it had come directly. */
  receiveForwarded(message: ReliableMessage, outer: ReceivedContent): Promise<Received>;
}

/**
 * Makes a processor from what it is given. Lists of these go into a messenger; of two for one kind the later
 * one counts, so an application adds or replaces one by handing it in.
 */
export type ProcessorFactory = (components: ProcessorComponents) => Processor;

/** No answer. */
export const silence: Processed = { answers: [] };
