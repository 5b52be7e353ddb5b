import { LimitError, limits } from '@dimp/crypto';
import { check } from '../check-arguments.js';
import { type ContentDefinition, type ContentHead, type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';
import { formatReliableMessage, parseReliableMessage, type ReliableMessage } from '../reliable-message.js';

/** A message inside a message: made for somebody, not necessarily for who receives the outer one. */
export interface ForwardContent extends ContentHead {
  readonly kind: 'forward';
  /** One in generation 1; generation 2 may carry several. None when the sender gave none. */
  readonly messages: readonly ReliableMessage[];
}

declare module '../content.js' {
  interface ContentKinds {
    forward: ForwardContent;
  }
}

/** Wire: `{ type: 255, sn, forward: {…} }`; also read: a list `secrets` (generation 2), written for several. */
export const forwardContent: ContentDefinition<ForwardContent> = {
  code: ContentType.forward,
  parse(reader, context) {
    const list = reader.optionalList('secrets');
    if (list !== undefined) {
      if (list.length > limits.groupMembers)
        throw new LimitError(reader.at('secrets'), 'expected fewer messages');
      const messages = list.map((json, index) =>
        parseReliableMessage(json, context, `${reader.at('secrets')}[${index}]`),
      );
      return { kind: 'forward', messages };
    }
    const json = reader.optionalObject('forward');
    const messages = json === undefined ? [] : [parseReliableMessage(json, context, reader.at('forward'))];
    return { kind: 'forward', messages };
  },
  format({ messages }) {
    const [first, ...others] = messages;
    if (first === undefined) return {};
    if (others.length === 0) return { forward: formatReliableMessage(first) };
    return { secrets: messages.map(message => formatReliableMessage(message)) };
  },
};

/** A message inside a message, to be passed on or shown as it is. @throws {TypeError} something else than a signed message */
export function createForward(message: ReliableMessage, options: ContentOptions = {}): ForwardContent {
  check(message?.envelope && message.signature, 'message', 'a ReliableMessage', message);
  return { ...createHead(ContentType.forward, options), kind: 'forward', messages: [message] };
}
