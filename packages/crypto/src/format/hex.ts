import { checkBytes, checkText } from '../check-arguments.js';
import { ParseError } from '../errors.js';

const digits = '0123456789abcdef';

/** The hexadecimal text of bytes, two lower-case digits each. */
export function encodeHex(data: Uint8Array): string {
  checkBytes(data, 'data');
  let text = '';
  for (const byte of data) text += (digits[byte >> 4] as string) + (digits[byte & 15] as string);
  return text;
}

/**
 * The bytes of a hexadecimal text; capitals are read too. No `0x`, no white space.
 * @param path names the place in the error
 * @throws {ParseError} an odd number of digits or a foreign character
 */
export function decodeHex(text: string, path = 'hex'): Uint8Array {
  checkText(text, path);
  if (text.length % 2 !== 0) throw new ParseError(path, 'expected an even number of hex digits');
  const data = new Uint8Array(text.length / 2);
  for (let i = 0; i < data.length; i++) {
    const high = digitOf(text.charCodeAt(2 * i));
    const low = digitOf(text.charCodeAt(2 * i + 1));
    if ((high | low) < 0) throw new ParseError(path, 'expected hex digits, 0-9 and a-f');
    data[i] = (high << 4) | low;
  }
  return data;
}

/** The value of one digit, or -1. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
