import { type JsonObject, JsonReader } from '@dimp/crypto';
import { type ID, isBroadcastID } from '@dimp/mkm';
import { isCommand } from './command.js';
import { type Content, type FormatOptions, formatContent, parseContent } from './content.js';
import type { MessageContext } from './context.js';
import { type Envelope, formatEnvelope, readEnvelope } from './envelope.js';
import { withExtra } from './with-extra.js';

/** A message in the clear: before it is encrypted, or after it has been decrypted. */
export interface InstantMessage {
  readonly envelope: Envelope;
  readonly content: Content;
  /** Members of the object beside these. */
  readonly extra: JsonObject;
}

/** Wire: the envelope's members and `content: {…}`. @throws {ParseError} */
export function parseInstantMessage(
  json: unknown,
  context: MessageContext,
  path = 'InstantMessage',
): InstantMessage {
  const reader = new JsonReader(json, path);
  const envelope = readEnvelope(reader, context);
  const content = parseContent(reader.value('content'), context, reader.at('content'));
  return { envelope, content, extra: reader.extra() };
}

/** Writes what `parseInstantMessage` reads. @throws {UsageError} a known content without its definition in the context */
export function formatInstantMessage(
  message: InstantMessage,
  context: MessageContext,
  options: FormatOptions = {},
): JsonObject {
  const content = formatContent(message.content, context, options);
  return withExtra({ ...formatEnvelope(message.envelope), content }, message.extra);
}

/** A message to be sent. `time` is in seconds. */
export function createInstantMessage(
  envelope: Envelope & { readonly time: number },
  content: Content,
): InstantMessage {
  return { envelope, content, extra: {} };
}

/**
 * The group of a content that may be shown in the envelope (v1.md 9.2): commands keep theirs to themselves,
 * since they go to each member separately and must not give the group away.
 */
export function overtGroup(content: Content): ID | undefined {
  const { group } = content;
  if (group === undefined || isBroadcastID(group)) return group;
  return isCommand(content) ? undefined : group;
}

/** Whether a message in the clear is for everybody: its content's group, else its receiver, is a broadcast ID. */
export function isBroadcastInstant(message: InstantMessage): boolean {
  return isBroadcastID(message.content.group ?? message.envelope.receiver);
}
