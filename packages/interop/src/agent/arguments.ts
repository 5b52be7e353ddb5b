import { type Protocol, parsePackage } from '@dimp/core';
import {
  isJsonObject,
  type JsonObject,
  type JsonReader,
  parseSymmetricKey,
  type SymmetricKey,
} from '@dimp/crypto';
import { type Content, parseContent, parseReliableMessage, type ReliableMessage } from '@dimp/dkd';
import { type ID, parseID } from '@dimp/mkm';

/** A member that is an ID. @throws {ParseError} */
export function readID(args: JsonReader, name: string, protocol: Protocol): ID {
  return parseID(args.value(name), protocol, args.at(name));
}

export function readOptionalID(args: JsonReader, name: string, protocol: Protocol): ID | undefined {
  return args.value(name) === undefined ? undefined : readID(args, name, protocol);
}

/** A member that is a list of IDs. @throws {ParseError} */
export function readIDs(args: JsonReader, name: string, protocol: Protocol): readonly ID[] {
  return readOptionalIDs(args, name, protocol) ?? args.missing(name, 'a list of IDs');
}

export function readOptionalIDs(
  args: JsonReader,
  name: string,
  protocol: Protocol,
): readonly ID[] | undefined {
  return args.optionalList(name)?.map((id, index) => parseID(id, protocol, `${args.at(name)}[${index}]`));
}

/** A member that is true or false, and false when it is not there. @throws {ParseError} */
export function readFlag(args: JsonReader, name: string): boolean {
  const value = args.value(name) ?? false;
  if (typeof value === 'boolean') return value;
  throw args.error(name, 'true or false', value);
}

/** A member that is a whole number within bounds. @throws {ParseError} */
export function readCount(args: JsonReader, name: string, most: number, otherwise?: number): number {
  const count = args.optionalInteger(name) ?? otherwise ?? args.missing(name, 'a whole number');
  if (count >= 1 && count <= most) return count;
  throw args.error(name, `a whole number from 1 to ${most}`, count);
}

/** `message`: a reliable message as object, or the text of a package. @throws {ParseError} */
export function readMessage(args: JsonReader, protocol: Protocol): ReliableMessage {
  const message = args.value('message');
  return typeof message === 'string'
    ? parsePackage(message, protocol)
    : parseReliableMessage(message, protocol, args.at('message'));
}

/** `content`, with `group` put into it when that is given beside it. @throws {ParseError} */
export function readContent(args: JsonReader, protocol: Protocol): Content {
  const group = args.value('group');
  const json: JsonObject = { ...args.object('content'), ...(group !== undefined && { group }) };
  return parseContent(json, protocol, args.at('content'));
}

/** `key`, when it is given. @throws {ParseError} */
export function readOptionalKey(args: JsonReader, protocol: Protocol): SymmetricKey | undefined {
  const json = args.value('key');
  return json === undefined ? undefined : parseSymmetricKey(json, protocol, args.at('key'));
}

/** Properties of a profile, when they are given. @throws {ParseError} */
export function readOptionalObject(args: JsonReader, name: string): JsonObject | undefined {
  const value = args.value(name);
  if (value === undefined || isJsonObject(value)) return value;
  throw args.error(name, 'an object', value);
}
