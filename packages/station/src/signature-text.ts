import { formatJson, isJsonObject } from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { formatReliableMessage, type ReliableMessage } from '@dimp/dkd';

/**
 * The texts by which an acknowledgement may name a package: what stands in its member `signature`, and before that
 * what comes first after that name, as existing clients search for it in the text (transport.md 2). These differ only
 * when another object with a signature, such as a profile, stands in front.
 *
 * Without blanks, as some write base64 in lines. Nothing is parsed when the name is there once, as it nearly always is.
 * @returns one or two texts; none when it is no package
 */
export function signatureTexts(data: Uint8Array): readonly string[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const at = bytes.indexOf(name);
  if (at < 0) return [];
  const first = withoutBlanks(textBehind(bytes, at + name.length));
  if (first !== undefined && bytes.indexOf(name, at + name.length) < 0) return [first];
  const own = withoutBlanks(parsedSignature(bytes));
  if (own === undefined) return [];
  return first === undefined || first === own ? [own] : [own, first];
}

/**
 * A package as it came, or put together again when somebody who searches its text for the first `time` and `signature`
 * would find others than its own: he would acknowledge something else, and be given it for ever.
 * @param data what the message was read from
 */
export function searchablePackage(message: ReliableMessage, data: Uint8Array): Uint8Array {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const first = withoutBlanks(textBehind(bytes, bytes.indexOf(name) + name.length));
  if (first === encodeBase64(message.signature)) return data;
  const { time, signature, ...members } = formatReliableMessage(message);
  const head = formatJson({ ...(time !== undefined && { time }), signature: signature ?? null }, 'Package');
  // two texts, as names that are numbers would go to the front of one object
  return encodeUtf8(`${head.slice(0, -1)},${formatJson(members, 'Package').slice(1)}`);
}

/** A text of base64 with what may be skipped in it left out. */
export function withoutBlanks<T extends string | undefined>(text: T): T {
  return (text === undefined || !/[ \t\r\n]/.test(text) ? text : text.replace(/[ \t\r\n]+/g, '')) as T;
}

const name = '"signature"';
const [quote, colon] = [0x22, 0x3a];

/** The JSON text behind a colon; undefined when it is something else or has quotes in it. */
function textBehind(bytes: Buffer, from: number): string | undefined {
  let start = skipBlanks(bytes, from);
  if (bytes[start] !== colon) return undefined;
  start = skipBlanks(bytes, start + 1);
  if (bytes[start] !== quote) return undefined;
  const end = bytes.indexOf(quote, start + 1);
  if (end < 0) return undefined;
  const text = bytes.toString('latin1', start + 1, end);
  return text.includes('\\') ? unescaped(text) : text;
}

/** Some write each slash of base64 with a stroke before it. */
function unescaped(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // it was cut off at a quote in it, so it is no base64
    return undefined;
  }
}

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

function parsedSignature(bytes: Buffer): string | undefined {
  // it was parsed when it came, so this is JSON unless the disk is damaged
  const json: unknown = JSON.parse(bytes.toString('utf8'));
  const signature = isJsonObject(json) ? json['signature'] : undefined;
  return typeof signature === 'string' ? signature : undefined;
}
