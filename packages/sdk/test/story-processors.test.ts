import { createProtocol, formatPackage } from '@dimp/core';
import {
  type CommandDefinition,
  type CommandHead,
  type ContentDefinition,
  type ContentHead,
  type ContentOptions,
  ContentType,
  createHead,
  createMetaCommand,
  createPage,
  createText,
} from '@dimp/dkd';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  createHandshake,
  createReceipt,
  defaultProcessors,
  defaults,
  Facebook,
  MemoryRelay,
  Messenger,
  type Processor,
  type ProcessorFactory,
  referenceProcessors,
} from '../src/index.js';
import {
  introduce,
  next,
  now,
  type Person,
  person,
  record,
  settled,
  several,
  textOf,
  Wire,
  write,
} from './kit.js';

interface PollContent extends ContentHead {
  readonly kind: 'poll';
  readonly question: string;
}

interface TypingCommand extends CommandHead {
  readonly kind: 'typing-command';
  readonly isTyping: boolean;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    poll: PollContent;
    'typing-command': TypingCommand;
  }
}

const pollContent: ContentDefinition<PollContent> = {
  code: 0x91,
  parse: reader => ({ kind: 'poll', question: reader.text('question') }),
  format: ({ question }) => ({ question }),
};

const typingCommand: CommandDefinition<TypingCommand> = {
  code: 'typing',
  parse: reader => ({ kind: 'typing-command', isTyping: reader.value('on') === true }),
  format: ({ isTyping }) => ({ on: isTyping }),
};

function createPoll(question: string, options: ContentOptions = {}): PollContent {
  return { ...createHead(0x91, options), kind: 'poll', question };
}

const typing: TypingCommand = {
  ...createHead(ContentType.command),
  kind: 'typing-command',
  command: 'typing',
  isTyping: true,
};

/** Answers each poll with a page. */
const pollProcessor: ProcessorFactory = () =>
  ({
    kinds: ['poll'],
    process: async ({ question }) => ({
      answers: [createPage({ url: 'http://polls/', title: question })],
    }),
  }) satisfies Processor<PollContent>;

const ownProtocol = createProtocol({
  ...defaults(),
  contents: [...defaults().contents, pollContent],
  commands: [...defaults().commands, typingCommand],
});

function ownFacebook(): Facebook {
  return new Facebook({ protocol: ownProtocol, clock: () => now });
}

afterEach(() => {
  jest.restoreAllMocks();
});

/** What somebody answers to a content, in the clear. */
async function answersTo(asker: Person, asked: Person, message: Parameters<typeof write>[2]) {
  const outcome = await asked.messenger.processMessage(await write(asker, asked.id, message));
  if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
  const read = [];
  for (const reply of outcome.replies) read.push(await asker.messenger.processMessage(reply));
  return read;
}

describe('an application with a content and a command of its own', () => {
  it('acts on them by processors it hands in', async () => {
    const typed: boolean[] = [];
    const processors: ProcessorFactory[] = [
      ...defaultProcessors(),
      pollProcessor,
      () =>
        ({
          kinds: ['typing-command'],
          async process({ isTyping }) {
            typed.push(isTyping);
            return { answers: [] };
          },
        }) satisfies Processor<TypingCommand>,
    ];
    const alice = await person('alice', { facebook: ownFacebook() });
    const bob = await person('bob', { facebook: ownFacebook(), processors });
    await introduce(alice, bob);
    const heard = several(bob, 'message', 1);
    const commanded = several(bob, 'command', 1);
    const [answer] = await answersTo(alice, bob, createPoll('Tea or coffee?'));
    expect(answer).toMatchObject({ message: { content: { kind: 'page', title: 'Tea or coffee?' } } });
    expect(await answersTo(alice, bob, typing)).toEqual([]);
    expect(typed).toEqual([true]);
    expect((await heard)[0]?.content.kind).toBe('poll');
    expect((await commanded)[0]?.content.kind).toBe('typing-command');
  });

  it('is understood as far as can be by programs without them', async () => {
    const alice = await person('alice', { facebook: ownFacebook() });
    const bob = await person('bob', { processors: referenceProcessors() });
    await introduce(alice, bob);
    const [toPoll] = await answersTo(alice, bob, createPoll('Tea or coffee?'));
    expect(toPoll && textOf(toPoll)).toBe('Content (type: 145) not support yet!');
    const [toTyping] = await answersTo(alice, bob, typing);
    expect(toTyping && textOf(toTyping)).toBe('Command (name: typing) not support yet!');
  });

  it('puts a processor in place of a default one: of two for one kind the later one counts', async () => {
    const shy: ProcessorFactory = () => ({
      kinds: ['meta-command'],
      process: async () => ({ answers: [createText('I do not tell')] }),
    });
    const alice = await person('alice');
    const bob = await person('bob', { processors: [...defaultProcessors(), shy] });
    await introduce(alice, bob);
    const [answer] = await answersTo(alice, bob, createMetaCommand(bob.id));
    expect(answer && textOf(answer)).toBe('I do not tell');
  });

  it('may have none at all, and is told all the same', async () => {
    const alice = await person('alice');
    const bob = await person('bob', { processors: [] });
    await introduce(alice, bob);
    const heard = next(bob, 'message');
    expect(await answersTo(alice, bob, createText('hello'))).toEqual([]);
    expect(textOf(await heard)).toBe('hello');
  });
});

describe('two programs that answer everything they do not know', () => {
  it('do not talk for ever', async () => {
    const relay = new MemoryRelay();
    const processors = referenceProcessors();
    const alice = await person('alice', { relay, processors });
    const bob = await person('bob', { relay, processors });
    await introduce(alice, bob);
    let passed = 0;
    relay.watch(() => {
      passed++;
    });
    const sayings = [
      createText('hello'),
      createReceipt('got it'),
      createHandshake('start'),
      createMetaCommand(alice.id),
      createMetaCommand(alice.facebook.parseID('nobody@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk')),
    ];
    for (const said of sayings) await alice.messenger.sendContent(said, bob.id);
    await settled();
    const before = passed;
    await settled();
    expect(passed).toBe(before);
    // five sayings; five answers; answers that are texts or receipts of their own get one more
    expect(passed).toBeLessThanOrEqual(15);
    expect(passed).toBeGreaterThanOrEqual(10);
  });
});

describe('a message that the application does not keep', () => {
  it('is not answered', async () => {
    const kept: string[] = [];
    const alice = await person('alice');
    const bob = await person('bob', {
      saveMessage: (message, labels) => {
        kept.push(`${message.content.kind}, bound ${labels.bound}`);
        return false;
      },
    });
    await introduce(alice, bob);
    expect(await answersTo(alice, bob, createMetaCommand(bob.id))).toEqual([]);
    expect(kept).toEqual(['meta-command, bound true']);
  });

  it('because keeping failed is rejected, and may be delivered again', async () => {
    let isFull = true;
    const alice = await person('alice');
    const bob = await person('bob', {
      saveMessage() {
        if (isFull) throw new Error('disk full');
        return true;
      },
    });
    await introduce(alice, bob);
    const message = await write(alice, bob.id, 'keep this');
    expect(await bob.messenger.processMessage(message)).toMatchObject({
      kind: 'rejected',
      error: { code: 'ERR_INTERNAL', cause: { message: 'disk full' } },
    });
    isFull = false;
    expect((await bob.messenger.processMessage(message)).kind).toBe('accepted');
  });
});

describe('a listener that throws', () => {
  it('stops neither the other listeners nor the messages; its error is raised on its own', async () => {
    const raised: unknown[] = [];
    const real = globalThis.queueMicrotask;
    jest.spyOn(globalThis, 'queueMicrotask').mockImplementation(task =>
      real(() => {
        try {
          task();
        } catch (error) {
          raised.push(error);
        }
      }),
    );
    const alice = await person('alice');
    const bob = await person('bob');
    await introduce(alice, bob);
    const error = new Error('a mistake of the application');
    const stop = bob.messenger.on('message', () => {
      throw error;
    });
    const heard = record(bob, 'message');
    const first = await bob.messenger.processMessage(await write(alice, bob.id, 'one'));
    expect(first.kind).toBe('accepted');
    stop();
    await bob.messenger.processMessage(await write(alice, bob.id, 'two'));
    expect(heard.map(textOf)).toEqual(['one', 'two']);
    expect(raised).toEqual([error]);
  });
});

describe('a processor that fails', () => {
  it('makes the message a rejected one, with its error; later messages go on', async () => {
    const processors: ProcessorFactory[] = [
      ...defaultProcessors(),
      () => ({
        kinds: ['text'],
        async process(content) {
          if (textOf({ content }) === 'bad') throw new RangeError('a mistake');
          return { answers: [] };
        },
      }),
    ];
    const alice = await person('alice');
    const bob = await person('bob', { processors });
    await introduce(alice, bob);
    expect(await bob.messenger.processMessage(await write(alice, bob.id, 'bad'))).toMatchObject({
      kind: 'rejected',
      error: { code: 'ERR_INTERNAL', cause: { name: 'RangeError' } },
    });
    expect(textOf(await bob.messenger.processMessage(await write(alice, bob.id, 'good')))).toBe('good');
  });
});

describe('a closed messenger', () => {
  it('takes nothing more from the transport, and has ended what it had begun', async () => {
    const alice = await person('alice');
    const wire = new Wire();
    const bob = await person('bob', { transport: wire });
    await introduce(alice, bob);
    const heard = record(bob, 'message');
    wire.deliver(await write(alice, bob.id, 'one'), await write(alice, bob.id, 'two'));
    await bob.messenger.close();
    expect(heard.map(textOf)).toEqual(['one', 'two']);
    wire.deliver(await write(alice, bob.id, 'three'));
    await settled();
    expect(heard).toHaveLength(2);
  });
});

describe('a messenger without transport', () => {
  it('gives the answers to whoever handed the package in, as bytes or text', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    await introduce(alice, bob);
    const silent = new Messenger({ facebook: bob.facebook });
    for (const form of ['bytes', 'text']) {
      const data = formatPackage(await write(alice, bob.id, createMetaCommand(bob.id)));
      const outcome = await silent.processPackage(form === 'bytes' ? data : new TextDecoder().decode(data));
      expect(outcome).toMatchObject({ kind: 'accepted', replies: [{ envelope: { receiver: alice.id } }] });
    }
    expect(bob.wire.sent).toEqual([]);
  });
});
