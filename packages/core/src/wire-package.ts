import { formatJson, type JsonObject, parseJsonObject } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { formatReliableMessage, isBroadcast, parseReliableMessage, type ReliableMessage } from '@dimp/dkd';
import type { Protocol } from './protocol.js';

/**
 * The bytes of a message as they travel: one JSON object in UTF-8. How packages are framed on a connection
 * is the transport's matter.
 */
export function formatPackage(message: ReliableMessage): Uint8Array {
  const { encryptedKeys } = message;
  const json = encryptedKeys === undefined ? formatReliableMessage(message) : formatWithoutKeys(message);
  const { data, ...members } = json;
  const text = formatJson(members, 'Package').slice(0, -1);
  const keys = encryptedKeys === undefined ? '' : `,"keys":${formatKeys(encryptedKeys)}`;
  const isText = isBroadcast(message.envelope);
  // nearly all of the text is base64 that was made just now, and need not be searched for what to escape
  return encodeUtf8(`${text}${keys},"data":${isText ? formatJson(data ?? null, 'Package') : `"${data}"`}}`);
}

/** A message to a group but for its keys, since an object of thousands of them is slow to make. */
function formatWithoutKeys({ encryptedKeys: _, ...message }: ReliableMessage): JsonObject {
  // a null that came in their place stands back, as ever
  const { keys: __, ...members } = formatReliableMessage(message);
  return members;
}

function formatKeys(keys: ReadonlyMap<string, string>): string {
  let text = '';
  for (const [id, key] of keys) text += `${text === '' ? '' : ','}${formatText(id)}:${formatText(key)}`;
  return `{${text}}`;
}

function formatText(text: string): string {
  return plain.test(text) ? `"${text}"` : formatJson(text, 'Package');
}

/** Letters of ASCII that JSON shows as they are. */
const plain = /^[ !#-[\]-~]*$/;

/**
 * Reads a package. Nothing in it has been verified yet.
 * @throws {ParseError} not UTF-8, not JSON, not a reliable message
 * @throws {LimitError} larger or deeper than `limits` allow
 */
export function parsePackage(data: Uint8Array | string, protocol: Protocol): ReliableMessage {
  const json: JsonObject = parseJsonObject(data, 'Package');
  return parseReliableMessage(json, protocol);
}
