import { decodeUtf8, encodeHex, encodeUtf8 } from '@dimp/crypto/format';
import { AckedNumbers } from './acked-numbers.js';
import { type KeptUser, newUser } from './kept-user.js';
import { numberOfKey, tagBytes, type UserName } from './message-keys.js';
import type { Stored, Usage } from './message-store.js';

/** Bytes in front of the package in a message record: the time of its arrival and the sender's tag. */
const headBytes = 16;

/** @param tag of the sender, in hexadecimal */
export function formatMessage(time: number, tag: string, data: Uint8Array): Uint8Array {
  const value = Buffer.allocUnsafe(headBytes + data.length);
  value.writeDoubleBE(time, 0);
  value.write(tag, 8, tagBytes, 'hex');
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

export function parseUser(name: UserName, value: Uint8Array): KeptUser {
  // trusted: written by this station, with checksums of the database around it
  const [messages, bytes, next, first, devices] = JSON.parse(decodeUtf8(value, 'record')) as UserRecord;
  const user = newUser(name, next);
  for (const [device, lastSeen, floor, ...runs] of devices) {
    user.devices.set(device, { lastSeen, acked: new AckedNumbers(floor, runs) });
  }
  return Object.assign(user, { messages, bytes, first, saved: { messages, bytes } });
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
