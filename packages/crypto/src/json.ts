import { LimitError, ParseError } from './errors.js';
import { decodeUtf8 } from './format/utf8.js';
import { limits } from './limits.js';

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. Values are never written to once they are made. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Whether a value is an object of JSON, and neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads JSON text from outside: UTF-8 bytes, or text that was decoded already.
 *
 * Of a member that stands twice the last one counts. `__proto__` is a member like any other.
 * @param path names the place in errors, such as `Package`
 * @throws {ParseError} not UTF-8, not JSON, or a text with half of a surrogate pair
 * @throws {LimitError} larger, deeper or with more values than `limits` allow
 */
export function parseJson(source: Uint8Array | string, path: string): JsonValue {
  if (source.length > limits.packageBytes) {
    throw new LimitError(path, `expected at most ${limits.packageBytes} bytes, got ${source.length}`);
  }
  const text = typeof source === 'string' ? source : decodeUtf8(source, path);
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    // no cause: the engine's message quotes the text, which may be a decrypted one
    throw new ParseError(path, 'expected JSON text');
  }
  checkJson(value, path);
  return value;
}

/** As `parseJson`, for a text that must hold an object. */
export function parseJsonObject(source: Uint8Array | string, path: string): JsonObject {
  const value = parseJson(source, path);
  if (!isJsonObject(value)) throw new ParseError(path, `expected an object, got ${describeJson(value)}`);
  return value;
}

/**
 * Writes compact JSON text.
 * @throws {ParseError} a text with half of a surrogate pair, which UTF-8 cannot carry
 */
export function formatJson(value: JsonValue, path: string): string {
  const text = JSON.stringify(value);
  // JSON.stringify writes lone surrogates as \udXXX; an escaped backslash before it is a false alarm
  if (text.includes('\\ud')) checkJson(value, path);
  return text;
}

/** The kind of a value in words, for error messages; never the value itself. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Checks foreign JSON: its depth, which is also what keeps the stack from overflowing, its number of values, and
 * that all texts are well-formed; of JSON that will be kept its size too.
 * @param length the most letters of all names and texts together, each value counting for four more
 * @throws {LimitError} larger, deeper or with more values
 * @throws {ParseError} a text with half of a surrogate pair
 */
export function checkJson(root: JsonValue, path: string, length: number = Number.MAX_VALUE): void {
  let count = 0;
  let letters = 0;
  const atMost = (most: number, what: string, got: number): void => {
    if (got > most) throw new LimitError(path, `expected at most ${most} ${what}`);
  };
  const checkText = (text: string): void => {
    letters += text.length;
    if (!isWellFormed(text))
      throw new ParseError(path, 'expected Unicode text, got half of a surrogate pair');
  };
  const check = (value: JsonValue, depth: number): void => {
    atMost(limits.jsonDepth, 'levels', depth);
    atMost(limits.jsonValues, 'values', ++count);
    letters += 4;
    if (typeof value === 'string') {
      checkText(value);
    } else if (Array.isArray(value)) {
      for (const item of value) check(item, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const name in value) {
        checkText(name);
        check((value as JsonObject)[name] as JsonValue, depth + 1);
      }
    }
    atMost(length, 'letters', letters);
  };
  check(root, 0);
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The platform's own check costs nothing for texts of one-byte characters; browsers before 2023 lack it. */
function isWellFormed(text: string & { isWellFormed?(): boolean }): boolean {
  return text.isWellFormed?.() ?? !loneSurrogate.test(text);
}
