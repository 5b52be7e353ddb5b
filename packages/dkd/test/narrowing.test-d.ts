// checked by tsc alone: contents are told apart by kind, and applications add their own
import type { Verified } from '@dimp/crypto';
import type {
  Command,
  CommandDefinition,
  CommandHead,
  Content,
  ContentDefinition,
  ContentHead,
  ContentKinds,
  ReliableMessage,
  SecureMessage,
} from '@dimp/dkd';
import { isCommand, isFileContent, isGroupCommand } from '@dimp/dkd';

interface VoteContent extends ContentHead {
  readonly kind: 'test-vote';
  readonly choice: number;
}

interface SummonCommand extends CommandHead {
  readonly kind: 'test-summon';
  readonly urgent: boolean;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'test-vote': VoteContent;
    'test-summon': SummonCommand;
  }
}

export function describeContent(content: Content): string | number | boolean {
  // @ts-expect-error nothing is known of a content before its kind
  content.text;
  switch (content.kind) {
    case 'text':
      // @ts-expect-error a text has no file name
      content.filename;
      return content.text;
    case 'test-vote':
      return content.choice;
    case 'test-summon':
      return content.urgent;
    case 'unknown':
      return content.type;
    case 'invite-command':
    case 'reset-command':
      return content.members?.length ?? 0;
    // @ts-expect-error nobody has this kind
    case 'no-such-kind':
      return 0;
    default:
      return content.kind;
  }
}

export function narrow(content: Content): string {
  if (isFileContent(content)) return content.filename ?? '';
  if (isGroupCommand(content)) return content.command;
  if (isCommand(content)) return content.command;
  // @ts-expect-error what is left is no command
  return content.command;
}

export const summonIsCommand: Command['kind'] = 'test-summon';
// @ts-expect-error a vote is none
export const voteIsCommand: Command['kind'] = 'test-vote';
export const known: keyof ContentKinds = 'test-vote';

export const vote: ContentDefinition<VoteContent> = {
  code: 0x92,
  parse: reader => ({ kind: 'test-vote', choice: reader.integer('choice') }),
  format: ({ choice }) => ({ choice }),
};

export const forgetful: ContentDefinition<VoteContent> = {
  code: 0x92,
  // @ts-expect-error `choice` is missing
  parse: () => ({ kind: 'test-vote' }),
  format: () => ({}),
};

export const summon: CommandDefinition<SummonCommand> = {
  code: 'summon',
  parse: reader => ({ kind: 'test-summon', urgent: reader.has('urgent') }),
  format: ({ urgent }) => ({ urgent }),
};

// a definition of one kind stands in a list of any
export const list: readonly ContentDefinition[] = [vote];
export const commands: readonly CommandDefinition[] = [summon];

declare const verified: Verified<SecureMessage>;
declare const reliable: ReliableMessage;
declare function open(message: Verified<SecureMessage>): void;
open(verified);
// @ts-expect-error a changed copy is not verified
open({ ...verified, data: new Uint8Array(0) });
// @ts-expect-error nor is what was only received
open(reliable);
