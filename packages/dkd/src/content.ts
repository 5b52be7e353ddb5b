import {
  type Definition,
  type Draft,
  type JsonObject,
  JsonReader,
  randomBytes,
  UsageError,
} from '@dimp/crypto';
import { type Generation, type ID, parseID } from '@dimp/mkm';
import { checkID } from './check-arguments.js';
import type { MessageContext } from './context.js';
import { withExtra } from './with-extra.js';

/** What every content has. */
export interface ContentHead {
  /** The number on the wire. */
  readonly type: number;
  /** Chosen by the sender, 1 to 2^31-1 when written by us, up to 2^32-1 when read. */
  readonly serialNumber?: number;
  /** Seconds since 1970. Only histories and logins have one in generation 1. */
  readonly time?: number;
  /** Present when the content belongs to a group. */
  readonly group?: ID;
  /** Members that its definition does not know; they are kept and sent on. */
  readonly extra: JsonObject;
}

/** A content of a type that nothing here knows. It is a value like any other; its members are in `extra`. */
export interface UnknownContent extends ContentHead {
  readonly kind: 'unknown';
}

/**
 * All contents by kind. A package or an application adds its own by declaration merging, and `switch
 * (content.kind)` knows it from then on:
 *
 * @example
 * declare module '@dimp/dkd' {
 *   interface ContentKinds { poll: PollContent }
 * }
 */
export interface ContentKinds {
  unknown: UnknownContent;
}

/** What is said: any content, told apart by `kind`. */
export type Content = ContentKinds[keyof ContentKinds];

/** The members of a content that its own definition reads. */
export type OwnMembers<C> = C extends ContentHead ? Omit<C, keyof ContentHead> : never;

/** How contents of one type are read and written. */
export interface ContentDefinition<C extends Content = Content> extends Definition {
  readonly code: number;
  /** Reads the members beside the head. @throws {ParseError} */
  parse(reader: JsonReader, context: MessageContext, head: Omit<ContentHead, 'extra'>): OwnMembers<C>;
  /** The members beside the head. */
  format(content: C, context: MessageContext, options: FormatOptions): JsonObject;
}

/** What formatting is told. */
export interface FormatOptions {
  /** Whose spelling is written; 1 until generation 2 is asked for. */
  readonly generation?: Generation;
}

/**
 * Reads a content.
 *
 * Wire: `{ type: 1, sn: 412968873, group?, … }`; also read: decimal text for numbers.
 * @throws {ParseError} when a member is missing or of another type
 */
export function parseContent(json: unknown, context: MessageContext, path = 'Content'): Content {
  const reader = new JsonReader(json, path);
  const type = reader.integer('type');
  const serialNumber = reader.optionalInteger('sn');
  const time = reader.optionalNumber('time');
  const group = reader.value('group');
  const head: Draft<Omit<ContentHead, 'extra'>> = { type };
  if (serialNumber !== undefined) head.serialNumber = serialNumber;
  if (time !== undefined) head.time = time;
  if (group !== undefined) head.group = parseID(group, context, reader.at('group'));
  const definition = context.contents.find(type);
  const own = definition === undefined ? unknown : definition.parse(reader, context, head);
  // a named member first: engines are slow to add members to an object that begins as a copy
  return { extra: reader.extra(), ...head, ...own } as Content;
}

const unknown: OwnMembers<UnknownContent> = { kind: 'unknown' };

/**
 * The object of a content, its unknown members last.
 * @throws {UsageError} when a known kind of content has no definition in this context
 */
export function formatContent(
  content: Content,
  context: MessageContext,
  options: FormatOptions = {},
): JsonObject {
  const definition = context.contents.find(content.type);
  if (definition === undefined && content.kind !== 'unknown') {
    throw new UsageError(
      `No content definition for type ${content.type}; pass one in createProtocol({ contents }).`,
    );
  }
  const { type, serialNumber, time, group, extra } = content;
  const head: Draft<JsonObject> = { type };
  if (serialNumber !== undefined) head['sn'] = serialNumber;
  if (time !== undefined) head['time'] = time;
  if (group !== undefined) head['group'] = group.text;
  // what was read without a definition has its members in extra, even if there is a definition now
  if (definition === undefined || content.kind === 'unknown') return withExtra(head, extra);
  // named first, as above
  return withExtra({ type, ...head, ...definition.format(content, context, options) }, extra);
}

/** What the makers of contents may be told. */
export interface ContentOptions {
  readonly group?: ID;
  /** A random one when absent. */
  readonly serialNumber?: number;
  readonly time?: number;
  readonly extra?: JsonObject;
}

/** The head of a new content. For use by the makers of contents, one's own included. @throws {TypeError} a group that is no ID */
export function createHead<T extends number>(
  type: T,
  options: ContentOptions = {},
): ContentHead & { readonly type: T } {
  if (options.group !== undefined) checkID(options.group, 'group');
  return {
    type,
    serialNumber: options.serialNumber ?? randomSerialNumber(),
    ...(options.time === undefined ? {} : { time: options.time }),
    ...(options.group === undefined ? {} : { group: options.group }),
    extra: options.extra ?? {},
  };
}

/** A new serial number, 1 to 2^31-1, which both generations read. */
export function randomSerialNumber(): number {
  const number = randomBytes(4).reduce((bits, byte) => (bits << 8) | byte) >>> 1;
  return number === 0 ? 1 : number;
}
