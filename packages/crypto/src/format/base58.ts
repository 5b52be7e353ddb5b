import bs58 from 'bs58';
import { LimitError, ParseError } from '../errors.js';
import { limits } from '../limits.js';

/** The base58 text of bytes, in the alphabet of Bitcoin. */
export function encodeBase58(data: Uint8Array): string {
  return bs58.encode(data);
}

/**
 * The bytes of a base58 text. No white space.
 * @param path names the place in the error
 * @throws {ParseError} a foreign character
 * @throws {LimitError} longer than an ID can be: the time grows with the square of the length
 */
export function decodeBase58(text: string, path = 'base58'): Uint8Array {
  if (text.length > limits.idLength) {
    throw new LimitError(path, `expected at most ${limits.idLength} characters, got ${text.length}`);
  }
  const data = bs58.decodeUnsafe(text);
  if (data === undefined) throw new ParseError(path, 'expected base58 text');
  return data;
}
