import { ParseError } from '../errors.js';

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of a text. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * The text of UTF-8 bytes; a byte order mark is a character like any other.
 * @param path names the place in the error
 * @throws {ParseError} when the bytes are no well-formed UTF-8
 */
export function decodeUtf8(data: Uint8Array, path = 'UTF-8'): string {
  try {
    return decoder.decode(data);
  } catch {
    throw new ParseError(path, 'expected UTF-8 text');
  }
}
