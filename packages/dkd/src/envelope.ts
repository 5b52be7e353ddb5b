import { type Draft, type JsonObject, JsonReader } from '@dimp/crypto';
import { type ID, type IdentityContext, isBroadcastID, parseID } from '@dimp/mkm';

/**
 * The head of a message.
 *
 * Nothing here is under a signature: use it for routing, and compare with the decrypted content before
 * acting.
 */
export interface Envelope {
  readonly sender: ID;
  /** A user, a group or everybody. */
  readonly receiver: ID;
  /** Seconds since 1970, fraction allowed; absent reads as 0. */
  readonly time?: number;
  /** The group of a message that goes to one of its members. */
  readonly group?: ID;
  /** Copy of the content's type, so that a station can see what it carries. */
  readonly type?: number;
}

/**
 * Reads the head of a message from an object that holds it.
 *
 * Wire: `{ sender: "name@address", receiver: "name@address", time: 1545405083, group?, type? }`; also read:
 * decimal text for numbers. A `type` that is no number stays where it is: it is a hint at best.
 * @throws {ParseError} when a member is missing or of another type
 */
export function parseEnvelope(
  json: unknown,
  context: Pick<IdentityContext, 'addresses'>,
  path = 'Envelope',
): Envelope {
  return readEnvelope(new JsonReader(json, path), context);
}

/** As `parseEnvelope`, from a reader that goes on to read the body. */
export function readEnvelope(reader: JsonReader, context: Pick<IdentityContext, 'addresses'>): Envelope {
  const sender = parseID(reader.value('sender'), context, reader.at('sender'));
  const receiver = parseID(reader.value('receiver'), context, reader.at('receiver'));
  const time = reader.optionalNumber('time');
  const group = reader.value('group');
  const type = readType(reader);
  const envelope: Draft<Envelope> = { sender, receiver };
  if (time !== undefined) envelope.time = time;
  if (group !== undefined) envelope.group = parseID(group, context, reader.at('group'));
  if (type !== undefined) envelope.type = type;
  return envelope;
}

function readType(reader: JsonReader): number | undefined {
  return reader.isNumeric('type') ? reader.optionalInteger('type') : undefined;
}

/** The members of a head as they stand in a message. */
export function formatEnvelope(envelope: Envelope): JsonObject {
  const { sender, receiver, time, group, type } = envelope;
  const json: Draft<JsonObject> = { sender: sender.text, receiver: receiver.text };
  if (time !== undefined) json['time'] = time;
  if (group !== undefined) json['group'] = group.text;
  if (type !== undefined) json['type'] = type;
  return json;
}

/** Whether a message with this head is for everybody: its group, else its receiver, is a broadcast ID. */
export function isBroadcast(envelope: Pick<Envelope, 'receiver' | 'group'>): boolean {
  return isBroadcastID(envelope.group ?? envelope.receiver);
}
