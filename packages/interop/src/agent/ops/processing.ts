import { parsePackage } from '@dimp/core';
import type { JsonObject, JsonReader, JsonValue } from '@dimp/crypto';
import {
  createInstantMessage,
  formatContent,
  formatInstantMessage,
  formatReliableMessage,
  type InstantMessage,
  type ReliableMessage,
} from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import { type Messenger, type Received, referenceProcessors } from '@dimp/sdk';
import { readContent, readID, readMessage } from '../arguments.js';
import type { AgentContext, AgentOperation } from '../operation.js';
import { requireAccepted } from '../received.js';
import type { Session } from '../session.js';

/** Messages and contents that are acted on, with the answers of the protocol (v1.md 13). */
export const processingOperations: readonly AgentOperation[] = [
  { code: 'process_package', run: processPackage },
  { code: 'process_content', run: processContent },
];

async function processPackage(args: JsonReader, { session }: AgentContext): Promise<JsonValue> {
  const { protocol } = session;
  const as = await session.requireLocalUser(readID(args, 'as', protocol));
  const message = readMessage(args, protocol);
  const { messenger, notes } = watch(as, session);
  const received = await messenger.processMessage(message, { as });
  await messenger.close();
  const nothing: JsonObject = { response: null, content: null, ...notes() };
  if (isSilent(received)) return nothing;
  const accepted = requireAccepted(received);
  const [reply, ...more] = accepted.replies;
  const { sent, suspended } = notes(more);
  return {
    response: reply === undefined ? null : formatReliableMessage(reply),
    content: formatContent(accepted.message.content, protocol),
    sent,
    suspended,
  };
}

/** A message that waits is told by `suspended`; a repeat and a bad signature are dropped (v1.md 12.2). */
function isSilent(received: Received): boolean {
  if (received.kind === 'rejected') return received.error.code === 'ERR_SIGNATURE';
  return received.kind === 'suspended' || received.kind === 'duplicate';
}

async function processContent(args: JsonReader, { session }: AgentContext): Promise<JsonValue> {
  const { protocol } = session;
  const as = await session.requireLocalUser(readID(args, 'as', protocol));
  const sender = readID(args, 'sender', protocol);
  const receiver = readID(args, 'receiver', protocol);
  const content = readContent(args, protocol);
  const message = createInstantMessage({ sender, receiver, time: session.now() }, content);
  const { messenger, notes } = watch(as, session);
  const processed = await messenger.processContent(content, { sender, receiver: as, message, depth: 0 });
  await messenger.close();
  const [answer] = processed.answers;
  return {
    response: answer === undefined ? null : formatContent(answer, protocol),
    content_after: formatContent(processed.content ?? content, protocol),
    ...notes(),
  };
}

interface Notes {
  readonly sent: readonly JsonObject[];
  readonly suspended: readonly JsonObject[];
}

/** A messenger for one request, and what it sent and let wait in the meantime. */
function watch(
  as: ID,
  session: Session,
): {
  readonly messenger: Messenger;
  readonly notes: (more?: readonly ReliableMessage[]) => Notes & JsonObject;
} {
  const { protocol } = session;
  const sent: ReliableMessage[] = [];
  const suspended: JsonObject[] = [];
  const messenger = session.messengerOf(as, {
    replay: true,
    processors: referenceProcessors(),
    transport: {
      send: data => {
        sent.push(parsePackage(data, protocol));
      },
      subscribe: () => () => undefined,
    },
  });
  messenger.on('suspended', ({ message }) => suspended.push(formatMessage(message, session)));
  const notes = (more: readonly ReliableMessage[] = []): Notes & JsonObject => ({
    sent: [...sent, ...more].map(formatReliableMessage),
    suspended: [...suspended],
  });
  return { messenger, notes };
}

function formatMessage(message: ReliableMessage | InstantMessage, { protocol }: Session): JsonObject {
  return 'signature' in message ? formatReliableMessage(message) : formatInstantMessage(message, protocol);
}
