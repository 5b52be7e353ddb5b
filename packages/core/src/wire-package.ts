import { formatJson, type JsonObject, parseJsonObject } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { formatReliableMessage, isBroadcast, parseReliableMessage, type ReliableMessage } from '@dimp/dkd';
import type { Protocol } from './protocol.js';

/**
 * The bytes of a message as they travel: one JSON object in UTF-8. How packages are framed on a connection
 * is the transport's matter.
 */
export function formatPackage(message: ReliableMessage): Uint8Array {
  const { data, ...members } = formatReliableMessage(message);
  const text = formatJson(members, 'Package').slice(0, -1);
  const isText = isBroadcast(message.envelope);
  // nearly all of the text is base64 that was made just now, and need not be searched for what to escape
  return encodeUtf8(`${text},"data":${isText ? formatJson(data ?? null, 'Package') : `"${data}"`}}`);
}

/**
 * Reads a package. Nothing in it has been verified yet.
 * @throws {ParseError} not UTF-8, not JSON, not a reliable message
 * @throws {LimitError} larger or deeper than `limits` allow
 */
export function parsePackage(data: Uint8Array | string, protocol: Protocol): ReliableMessage {
  const json: JsonObject = parseJsonObject(data, 'Package');
  return parseReliableMessage(json, protocol);
}
