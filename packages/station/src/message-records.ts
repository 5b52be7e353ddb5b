import { decodeUtf8, encodeHex, encodeUtf8 } from '@dimp/crypto/format';
import { AckedNumbers } from './acked-numbers.js';
import { numberOfKey } from './message-keys.js';
import type { Stored, Usage } from './message-store.js';

/** A device of a user, and what it has. */
export interface KeptDevice {
  readonly acked: AckedNumbers;
  /** Seconds since 1970. */
  lastSeen: number;
}

/** What is kept for a user, at a glance. */
export interface KeptUser {
  messages: number;
  bytes: number;
  /** The number of his next message. */
  next: number;
  /** Nothing with a lower number is kept any more. */
  first: number;
  readonly devices: Map<string, KeptDevice>;
}

/** Bytes in front of the package in a message record: the time of its arrival and the sender's tag. */
const headBytes = 16;

export function formatMessage(time: number, tag: Uint8Array, data: Uint8Array): Uint8Array {
  const value = new Uint8Array(headBytes + data.length);
  new DataView(value.buffer).setFloat64(0, time);
  value.set(tag, 8);
  value.set(data, headBytes);
  return value;
}

export function parseMessage(key: Uint8Array, value: Uint8Array): Stored {
  return {
    number: numberOfKey(key),
    time: messageTime(value),
    senderTag: messageTag(value),
    data: value.subarray(headBytes),
  };
}

export function messageTime(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset).getFloat64(0);
}

export function messageTag(value: Uint8Array): string {
  return encodeHex(value.subarray(8, headBytes));
}

/** How many bytes the package in a record has. */
export function messageBytes(value: Uint8Array): number {
  return value.length - headBytes;
}

/** Wire of the disk: `[messages, bytes, next, first, [[device, lastSeen, floor, ...runs], ...]]`. */
export function formatUser(user: KeptUser): Uint8Array {
  const devices = Array.from(user.devices, ([name, { acked, lastSeen }]) => [
    name,
    lastSeen,
    acked.floor,
    ...acked.runs,
  ]);
  return encodeUtf8(JSON.stringify([user.messages, user.bytes, user.next, user.first, devices]));
}

export function parseUser(value: Uint8Array): KeptUser {
  // trusted: written by this station, with checksums of the database around it
  const [messages, bytes, next, first, devices] = JSON.parse(decodeUtf8(value, 'record')) as UserRecord;
  return {
    messages,
    bytes,
    next,
    first,
    devices: new Map(
      devices.map(([name, lastSeen, floor, ...runs]) => [
        name,
        { lastSeen, acked: new AckedNumbers(floor, runs) },
      ]),
    ),
  };
}

type UserRecord = readonly [
  messages: number,
  bytes: number,
  next: number,
  first: number,
  devices: readonly (readonly [name: string, lastSeen: number, floor: number, ...runs: number[]])[],
];

export function formatTotal(total: Usage): Uint8Array {
  return encodeUtf8(JSON.stringify([total.messages, total.bytes]));
}

export function parseTotal(value: Uint8Array | undefined): Usage {
  if (value === undefined) return { messages: 0, bytes: 0 };
  const [messages, bytes] = JSON.parse(decodeUtf8(value, 'record')) as readonly [number, number];
  return { messages, bytes };
}
