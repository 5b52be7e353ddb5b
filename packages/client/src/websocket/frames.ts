import { type JsonObject, parseJsonObject } from '@dimp/crypto';
import { decodeUtf8 } from '@dimp/crypto/format';

/**
 * What a package is named by when one speaks of it: its members as they stand in it, the signature without blanks.
 * `sender` and `receiver` are text, not checked.
 */
export interface PackageMark {
  readonly time: number;
  readonly signature: string;
  readonly sender: string;
  readonly receiver: string;
}

/** What a frame brought. */
export type Frame =
  | { readonly kind: 'packages'; readonly packages: readonly Uint8Array[] }
  /** The other side has the package with this signature. */
  | { readonly kind: 'ack'; readonly signature: string }
  | { readonly kind: 'ping' }
  /** More packages than anybody sends in one frame. */
  | { readonly kind: 'flood' }
  /** A sign of life: `PONG`, `NOOP`, `OK`, nothing at all, or what nobody understands. */
  | { readonly kind: 'other' };

const brace = 0x7b;
const newline = 0x0a;
/** Stations join the answers to one frame, which are a few. A frame of braces and line ends could hold a million. */
const mostPackages = 1024;
/** Longer ones are none: a signature of the largest key takes 700 letters. */
const ackBytes = 4096;

/** Reads a frame. One that begins as JSON holds packages, several of them on lines of their own (transport.md 2). */
export function readFrame(data: Uint8Array): Frame {
  const packages = data[skipBlanks(data, 0)] === brace ? splitLines(data) : [];
  if (packages.length > mostPackages) return { kind: 'flood' };
  if (packages.length > 0) return { kind: 'packages', packages };
  if (data.length > ackBytes) return { kind: 'other' };
  const text = textOf(data);
  if (text === 'PING') return { kind: 'ping' };
  const signature = text?.startsWith('ACK:') ? readAck(text.slice(4)) : undefined;
  return signature === undefined ? { kind: 'other' } : { kind: 'ack', signature };
}

/** Reads what names a package; undefined when it is none. */
export function readMark(data: Uint8Array): PackageMark | undefined {
  const { time = 0, signature, sender, receiver } = objectOf(data) ?? {};
  if (typeof signature !== 'string' || typeof sender !== 'string' || typeof receiver !== 'string') {
    return undefined;
  }
  // base64 may be written in lines; an acknowledgement is one
  return { time: Number(time), signature: signature.replace(/[ \t\r\n]+/g, ''), sender, receiver };
}

/** The text frame that says that a package has arrived: `ACK:{"time":T,"signature":"S"}`. */
export function formatAck({ time, signature }: Pick<PackageMark, 'time' | 'signature'>): string {
  return `ACK:${JSON.stringify({ time, signature })}`;
}

function splitLines(data: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = skipBlanks(data, 0); start < data.length && lines.length <= mostPackages; ) {
    const found = data.indexOf(newline, start);
    const end = found < 0 ? data.length : found;
    if (data[start] === brace) lines.push(data.subarray(start, end));
    start = skipBlanks(data, end + 1);
  }
  return lines;
}

/** White space in front of JSON belongs to it, whoever left it there. */
function skipBlanks(data: Uint8Array, from: number): number {
  let at = from;
  while (data[at] === 0x20 || data[at] === 0x09 || data[at] === 0x0d || data[at] === newline) at++;
  return at;
}

function readAck(text: string): string | undefined {
  const { signature } = objectOf(text) ?? {};
  return typeof signature === 'string' ? signature : undefined;
}

/** What is no JSON object names nothing: whoever processes the package says what is wrong with it. */
function objectOf(source: Uint8Array | string): JsonObject | undefined {
  try {
    return parseJsonObject(source, 'Package');
  } catch {
    return undefined;
  }
}

function textOf(data: Uint8Array): string | undefined {
  try {
    return decodeUtf8(data, 'Frame');
  } catch {
    return undefined;
  }
}
