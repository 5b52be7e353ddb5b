import { isJsonObject } from '@dimp/crypto';
import type { Ack } from '../connection.js';

/** How long the text of an acknowledgement may be: a signature of 4096 bits takes 684 letters. */
const maxLength = 1024;

const start = 'ACK:';

/** Whether a payload says that it is an acknowledgement: `ACK:{…}`. */
export function looksLikeAck(payload: Uint8Array): boolean {
  for (let i = 0; i < start.length; i++) if (payload[i] !== start.charCodeAt(i)) return false;
  return payload[start.length] === 0x7b;
}

/** Reads `ACK:{"time":T,"signature":"S"}`; undefined when it is anything else. */
export function parseAck(payload: Uint8Array): Ack | undefined {
  if (payload.length > maxLength) return undefined;
  let json: unknown;
  try {
    // numbers, base64 and their names are letters of one byte each
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    json = JSON.parse(bytes.toString('latin1', start.length));
  } catch {
    // what is no JSON is no acknowledgement; who asked counts it
    return undefined;
  }
  if (!isJsonObject(json)) return undefined;
  const time = json['time'];
  const signature = json['signature'];
  if (typeof time !== 'number' || typeof signature !== 'string' || !base64.test(signature)) return undefined;
  return { time, signature };
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The payload that acknowledges a package. */
export function formatAck({ time, signature }: Ack): string {
  return `ACK:{"time":${time},"signature":${JSON.stringify(signature)}}`;
}
