import { isJsonObject } from '@dimp/crypto';

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

/** A text of base64 with what may be skipped in it left out. */
export function withoutBlanks<T extends string | undefined>(text: T): T {
  return (text === undefined || !/[ \t\r\n]/.test(text) ? text : text.replace(/[ \t\r\n]+/g, '')) as T;
}

const name = '"signature"';
const [quote, colon] = [0x22, 0x3a];

/** The JSON text behind a colon; undefined when it is something else or has escapes in it. */
function textBehind(bytes: Buffer, from: number): string | undefined {
  let start = skipBlanks(bytes, from);
  if (bytes[start] !== colon) return undefined;
  start = skipBlanks(bytes, start + 1);
  if (bytes[start] !== quote) return undefined;
  const end = bytes.indexOf(quote, start + 1);
  if (end < 0) return undefined;
  const text = bytes.toString('latin1', start + 1, end);
  return text.includes('\\') ? undefined : text;
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
