import { formatJson, type JsonObject, parseJsonObject } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { formatReliableMessage, parseReliableMessage, type ReliableMessage } from '@dimp/dkd';
import type { Protocol } from './protocol.js';

/**
 * The bytes of a message as they travel: one JSON object in UTF-8. How packages are framed on a connection
 * is the transport's matter.
 */
export function formatPackage(message: ReliableMessage): Uint8Array {
  return encodeUtf8(formatJson(formatReliableMessage(message), 'Package'));
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
