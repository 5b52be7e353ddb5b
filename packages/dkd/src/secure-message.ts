import {
  type Draft,
  describeJson,
  type JsonObject,
  JsonReader,
  LimitError,
  limits,
  ParseError,
} from '@dimp/crypto';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import type { IdentityContext } from '@dimp/mkm';
import { type Envelope, formatEnvelope, isBroadcast, readEnvelope } from './envelope.js';
import { withExtra } from './with-extra.js';

/** A message whose content is encrypted and not signed yet, or no longer. */
export interface SecureMessage {
  readonly envelope: Envelope;
  /** The ciphertext; of a broadcast the UTF-8 of the content's JSON text. Signatures cover these bytes. */
  readonly data: Uint8Array;
  /** Base64 of the message key, encrypted for the receiver. Decoded when it is opened. */
  readonly encryptedKey?: string;
  /** The same for each member of a group, by ID text; kept as text, since a relay passes on what it cannot open. */
  readonly encryptedKeys?: ReadonlyMap<string, string>;
  /** The sender's meta, which comes with a first message. Not read yet, not checked. */
  readonly meta?: JsonObject;
  /** Members of the object beside these. */
  readonly extra: JsonObject;
}

/** Wire: the envelope's members, `data`, and `key: "<base64>"` or `keys: { "name@address": "<base64>" }`. @throws {ParseError} */
export function parseSecureMessage(
  json: unknown,
  context: Pick<IdentityContext, 'addresses'>,
  path = 'SecureMessage',
): SecureMessage {
  const reader = new JsonReader(json, path);
  const message = readSecureMessage(reader, context);
  message.extra = reader.extra();
  return message;
}

/** As `parseSecureMessage`, from a reader that goes on to read the signature, and last what is left. */
export function readSecureMessage(
  reader: JsonReader,
  context: Pick<IdentityContext, 'addresses'>,
): Draft<SecureMessage> {
  const envelope = readEnvelope(reader, context);
  const text = reader.text('data');
  const data = isBroadcast(envelope) ? encodeUtf8(text) : decodeBase64(text, reader.at('data'));
  const encryptedKey = reader.optionalText('key');
  const encryptedKeys = readKeys(reader);
  const meta = reader.optionalObject('meta');
  const message: Draft<SecureMessage> = { envelope, data, extra: {} };
  if (encryptedKey !== undefined) message.encryptedKey = encryptedKey;
  if (encryptedKeys !== undefined) message.encryptedKeys = encryptedKeys;
  if (meta !== undefined) message.meta = meta;
  return message;
}

function readKeys(reader: JsonReader): ReadonlyMap<string, string> | undefined {
  const json = reader.optionalObject('keys');
  if (json === undefined) return undefined;
  const entries = Object.entries(json);
  if (entries.length > limits.groupMembers) {
    throw new LimitError(reader.at('keys'), `expected at most ${limits.groupMembers} members`);
  }
  const keys = new Map<string, string>();
  for (const [id, value] of entries) {
    if (typeof value !== 'string') {
      const place = `${reader.at('keys')}[${JSON.stringify(id.slice(0, limits.idLength))}]`;
      throw new ParseError(place, `expected base64 text, got ${describeJson(value)}`);
    }
    keys.set(id, value);
  }
  return keys;
}

/** The object of a message; `data` of a broadcast is written as the text it is. */
export function formatSecureMessage(message: SecureMessage): JsonObject {
  return withExtra(formatMembers(message), message.extra);
}

/** As `formatSecureMessage`, without what the message came with beside its members. */
export function formatMembers(message: SecureMessage): Draft<JsonObject> {
  const { envelope, data, encryptedKey, encryptedKeys, meta } = message;
  const members: Draft<JsonObject> = formatEnvelope(envelope);
  members['data'] = isBroadcast(envelope) ? decodeUtf8(data, 'SecureMessage.data') : encodeBase64(data);
  if (encryptedKey !== undefined) members['key'] = encryptedKey;
  if (encryptedKeys !== undefined) members['keys'] = Object.fromEntries(encryptedKeys);
  if (meta !== undefined) members['meta'] = meta;
  return members;
}
