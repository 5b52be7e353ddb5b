// checked by tsc alone: an application that adds a content and a command of its own, as it imports the packages
import {
  type Content,
  type ContentDefinition,
  type ContentHead,
  isCommand,
  type TextContent,
} from '@dimp/dkd';
import type {
  AcceptedContent,
  ContactListCommand,
  HandshakeCommand,
  LoginCommand,
  Messenger,
  Processor,
  ReceiptCommand,
  StorageCommand,
} from '@dimp/sdk';

interface VoteContent extends ContentHead {
  readonly kind: 'vote';
  readonly choice: number;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    vote: VoteContent;
  }
}

declare const content: Content;
declare const messenger: Messenger;

/** `switch` knows the kinds of the protocol, of this package and of the application. */
export function describe(said: Content): string {
  switch (said.kind) {
    case 'text':
      return said.text;
    case 'vote':
      return String(said.choice);
    case 'receipt-command':
      return said.message;
    case 'unknown':
      // @ts-expect-error a content that nobody knows has no choice
      return said.choice;
    default:
      return said.kind;
  }
}

/** A kind narrows to the type of its content. */
export const narrowed: {
  readonly text?: TextContent;
  readonly vote?: VoteContent;
  readonly handshake?: HandshakeCommand;
  readonly login?: LoginCommand;
  readonly receipt?: ReceiptCommand;
  readonly storage?: StorageCommand;
  readonly list?: ContactListCommand;
} = {
  ...(content.kind === 'text' && { text: content }),
  ...(content.kind === 'vote' && { vote: content }),
  ...(content.kind === 'handshake-command' && { handshake: content }),
  ...(content.kind === 'login-command' && { login: content }),
  ...(content.kind === 'receipt-command' && { receipt: content }),
  ...(content.kind === 'storage-command' && { storage: content }),
  ...((content.kind === 'block-command' || content.kind === 'mute-command') && { list: content }),
};

// @ts-expect-error nobody knows this kind
if (content.kind === 'no-such-kind') throw new Error();

/** A definition reads and writes the members beside the head. */
export const voteContent: ContentDefinition<VoteContent> = {
  code: 0x92,
  parse: reader => ({ kind: 'vote', choice: reader.integer('choice') }),
  format: ({ choice }) => ({ choice }),
};

/** What lacks a member is none. */
export const incomplete: ContentDefinition<VoteContent> = {
  code: 0x92,
  // @ts-expect-error without choice
  parse: () => ({ kind: 'vote' }),
  format: () => ({}),
};

/** A processor gets the content of its kind. */
export const voteProcessor: Processor<VoteContent> = {
  kinds: ['vote'],
  process: async ({ choice }) => ({ answers: choice > 0 ? [] : [content] }),
};

/** Kinds of others are none of its business. */
export const confused: Processor<VoteContent> = {
  // @ts-expect-error a processor of votes
  kinds: ['text'],
  process: async () => ({ answers: [] }),
};

messenger.on('receipt', ({ content: receipt, labels }) => {
  receipt.message.trim();
  labels.signature.bits.toFixed();
});
messenger.on('command', ({ content: command }) => {
  command.command.trim();
  // @ts-expect-error a command is no vote
  command.choice;
});
messenger.on('message', (event: AcceptedContent) => isCommand(event.content));
// @ts-expect-error nothing of this name happens
messenger.on('no-such-event', () => undefined);
