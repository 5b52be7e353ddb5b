import { type Draft, type JsonObject, JsonReader } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import type { IdentityContext } from '@dimp/mkm';
import { formatMembers, readSecureMessage, type SecureMessage } from './secure-message.js';
import { withExtra } from './with-extra.js';

/** A message as it travels: encrypted and signed. The signature covers `data` and nothing else. */
export interface ReliableMessage extends SecureMessage {
  readonly signature: Uint8Array;
}

/**
 * Reads a message from the wire. Nothing in it has been verified yet.
 *
 * Wire: as a secure message, and `signature: "<base64>"`.
 * @throws {ParseError} when a member is missing or of another type
 */
export function parseReliableMessage(
  json: unknown,
  context: Pick<IdentityContext, 'addresses'>,
  path = 'ReliableMessage',
): ReliableMessage {
  const reader = new JsonReader(json, path);
  const message = readSecureMessage(reader, context) as Draft<ReliableMessage>;
  message.signature = reader.bytes('signature');
  message.extra = reader.extra();
  return message;
}

/** Writes what `parseReliableMessage` reads: the JSON that travels. */
export function formatReliableMessage(message: ReliableMessage): JsonObject {
  const members = formatMembers(message);
  members['signature'] = encodeBase64(message.signature);
  return withExtra(members, message.extra);
}
