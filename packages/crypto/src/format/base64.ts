import { readBase64, writeBase64 } from '#base64';
import { checkBytes } from '../check-arguments.js';
import { ParseError } from '../errors.js';

/** The base64 text of bytes: standard alphabet, padded, in one line. */
export function encodeBase64(data: Uint8Array): string {
  checkBytes(data, 'data');
  return writeBase64(data);
}

/**
 * The bytes of a base64 text.
 *
 * Standard alphabet, padding required. Blanks, tabs and line ends are skipped. Bits beyond the last byte are
 * not looked at, as peers do.
 * @param path names the place in the error
 * @throws {ParseError} missing padding or a foreign character (v1.md 1.2)
 */
export function decodeBase64(text: string, path = 'base64'): Uint8Array {
  // white space is rare, and removing it copies the text
  const data = readBase64(text) ?? readBase64(text.replace(/[ \t\r\n]+/g, ''));
  if (data === undefined) throw new ParseError(path, 'expected base64 text with padding');
  return data;
}
