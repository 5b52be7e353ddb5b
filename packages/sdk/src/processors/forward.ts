import type { ForwardContent, ReliableMessage } from '@dimp/dkd';
import { createForward } from '@dimp/dkd';
import { NotForUsError } from '../errors.js';
import type { Processor, ProcessorFactory } from '../processor.js';

/**
 * Processes the message inside as if it had come directly, and answers with its answers, each in a forward of
 * its own. One that is meant for somebody else is reported, so that a relay can pass it on.
 */
export function forwardProcessor(): ProcessorFactory {
  return (): Processor<ForwardContent> => ({
    kinds: ['forward'],
    async process({ messages }, received, { receiveForwarded }) {
      const replies: ReliableMessage[] = [];
      let stray: ReliableMessage | undefined;
      for (const message of messages) {
        const outcome = await receiveForwarded(message, received);
        if (outcome.kind === 'accepted') replies.push(...outcome.replies);
        if (outcome.kind === 'not-for-us') stray = outcome.message;
      }
      if (stray !== undefined) throw new NotForUsError(stray);
      return { answers: replies.map(reply => createForward(reply)) };
    },
  });
}
