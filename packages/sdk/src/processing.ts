import { type Content, createInstantMessage, type ReliableMessage } from '@dimp/dkd';
import type { Facebook } from './default-facebook.js';
import type { Dispatch } from './dispatch.js';
import {
  type Processed,
  type Processor,
  type ProcessorComponents,
  type ProcessorFactory,
  type ReceivedContent,
  silence,
} from './processor.js';
import type { Arrival, Received } from './received.js';
import type { Work, Works } from './work.js';

/** What processing works with. */
export interface ProcessingParts {
  readonly works: Works;
  readonly facebook: Facebook;
  readonly dispatch: Dispatch;
  readonly processors: Iterable<ProcessorFactory>;
  readonly clock: () => number;
}

/** Receives a message that came inside another one, as part of the same work. */
export type ReceiveInner = (message: ReliableMessage, arrival: Arrival, work: Work) => Promise<Received>;

/** Hands contents to the processors that are for them. */
export class Processing {
  readonly #parts: ProcessingParts;
  readonly #receiveInner: ReceiveInner;
  readonly #processors = new Map<string, Processor>();

  constructor(parts: ProcessingParts, receiveInner: ReceiveInner) {
    this.#parts = parts;
    this.#receiveInner = receiveInner;
    const components = this.#ownComponents();
    for (const factory of parts.processors) {
      const processor = factory(components);
      for (const kind of processor.kinds) this.#processors.set(kind, processor);
    }
  }

  /** Processes a content as part of a work. @throws {DimpError} when it is refused */
  async process(content: Content, received: ReceivedContent, work: Work): Promise<Processed> {
    const processor = this.#processors.get(content.kind) ?? this.#processors.get('*');
    return processor?.process(content, received, this.#components(work)) ?? silence;
  }

  /** As `process`, as a work of its own. */
  async processAlone(content: Content, received: ReceivedContent): Promise<Processed> {
    const work = await this.#parts.works.begin();
    try {
      const processed = await this.process(content, received, work);
      const { saved } = await work.end();
      await saved;
      return processed;
    } catch (error) {
      await work.abandon();
      throw error;
    }
  }

  #components(work: Work): ProcessorComponents {
    const { clock, dispatch } = this.#parts;
    return {
      facebook: work.facebook,
      clock,
      send: (content, receiver, sender) => {
        const message = createInstantMessage({ sender, receiver, time: clock() }, content);
        return dispatch.sendWithin({ message, options: {} }, work);
      },
      receiveForwarded: (message, { as, sender, depth }) =>
        this.#receiveInner(message, { ...(as && { as }), depth: depth + 1, forwardedBy: sender }, work),
    };
  }

  /** What processors are made with: each thing that is done with these is a work of its own. */
  #ownComponents(): ProcessorComponents {
    const { works, facebook, clock, dispatch } = this.#parts;
    return {
      facebook,
      clock,
      send: (content, receiver, sender) => {
        const message = createInstantMessage({ sender, receiver, time: clock() }, content);
        return dispatch.sendBeside({ message, options: {} });
      },
      receiveForwarded: async (message, outer) => {
        const work = await works.begin();
        const received = await this.#components(work).receiveForwarded(message, outer);
        await (await work.end()).saved;
        return received;
      },
    };
  }
}
