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

/** Depth, number of values and well-formed texts. The limit of depth is also what keeps the stack from overflowing. */
function checkJson(root: JsonValue, path: string): void {
  let count = 0;
  const check = (value: JsonValue, depth: number): void => {
    if (depth > limits.jsonDepth) throw new LimitError(path, `expected at most ${limits.jsonDepth} levels`);
    if (++count > limits.jsonValues)
      throw new LimitError(path, `expected at most ${limits.jsonValues} values`);
    if (typeof value === 'string') {
      checkText(value, path);
    } else if (Array.isArray(value)) {
      for (const item of value) check(item, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const name in value) {
        checkText(name, path);
        check((value as JsonObject)[name] as JsonValue, depth + 1);
      }
    }
  };
  check(root, 0);
}

function checkText(text: string, path: string): void {
  if (!isWellFormed(text)) throw new ParseError(path, 'expected Unicode text, got half of a surrogate pair');
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The platform's own check costs nothing for texts of one-byte characters; browsers before 2023 lack it. */
function isWellFormed(text: string & { isWellFormed?(): boolean }): boolean {
  return text.isWellFormed?.() ?? !loneSurrogate.test(text);
}
