import { parsePackage } from '@dimp/core';
import type { InstantMessage, ReliableMessage } from '@dimp/dkd';
import { type Facebook, Messenger, type ProcessorFactory, referenceProcessors } from '@dimp/sdk';

/** A messenger with what it sent and what it let wait. */
export interface Sender {
  readonly messenger: Messenger;
  readonly sent: readonly ReliableMessage[];
  readonly suspended: readonly (ReliableMessage | InstantMessage)[];
}

/**
 * A messenger as the published cases expect it: answers word for word, no binding, no memory of what was seen,
 * and a transport that only notes.
 */
export function createSender(
  facebook: Facebook,
  processors: Iterable<ProcessorFactory> = referenceProcessors(),
): Sender {
  const sent: ReliableMessage[] = [];
  const suspended: (ReliableMessage | InstantMessage)[] = [];
  const messenger = new Messenger({
    facebook,
    processors,
    replay: false,
    bind: false,
    attachMeta: 'never',
    transport: {
      send: data => {
        sent.push(parsePackage(data, facebook.protocol));
      },
      subscribe: () => () => undefined,
    },
  });
  messenger.on('suspended', ({ message }) => suspended.push(message));
  return { messenger, sent, suspended };
}
