import { isJsonObject } from '@dimp/crypto';
import type { Ack } from '../connection.js';
import { withoutBlanks } from '../signature-text.js';

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
  // numbers, base64 and their names are letters of one byte each
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString(
    'latin1',
    start.length,
  );
  return parseUsual(text) ?? parseAny(text);
}

/** As it is nearly always written: it comes for every message. */
function parseUsual(text: string): Ack | undefined {
  const end = text.indexOf(signatureName);
  if (end < 0 || !text.startsWith(timeName) || !text.endsWith('"}')) return undefined;
  const time = text.slice(timeName.length, end);
  const signature = text.slice(end + signatureName.length, -2);
  return plainNumber.test(time) && isBase64(signature) ? { time: Number(time), signature } : undefined;
}

/** As the expression below says, in a quarter of its time. */
function isBase64(text: string): boolean {
  let end = text.length;
  for (let pads = 0; pads < 2 && text[end - 1] === '='; pads++) end--;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    // from the slash to the nine
    if (!isLetter && !(code >= 0x2f && code <= 0x39) && code !== 0x2b) return false;
  }
  return end > 0;
}

const timeName = '{"time":';
const signatureName = ',"signature":"';
const plainNumber = /^(0|[1-9]\d{0,14})(\.\d{1,9})?$/;

function parseAny(text: string): Ack | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // what is no JSON is no acknowledgement; who asked counts it
    return undefined;
  }
  if (!isJsonObject(json)) return undefined;
  const time = json['time'];
  const written = json['signature'];
  if (typeof time !== 'number' || typeof written !== 'string') return undefined;
  // as it stands in the package, where there may be blanks in it
  const signature = withoutBlanks(written);
  return base64.test(signature) ? { time, signature } : undefined;
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The payload that acknowledges a package. */
export function formatAck({ time, signature }: Ack): string {
  return `ACK:{"time":${time},"signature":${JSON.stringify(signature)}}`;
}
