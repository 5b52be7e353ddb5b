import { ParseError } from './errors.js';
import { decodeBase64 } from './format/base64.js';
import { describeJson, isJsonObject, type JsonObject, type JsonValue } from './json.js';

/**
 * Reads the members of a foreign object, each once, checks them and names the place when one is wrong.
 *
 * A member that is absent and one that is null mean the same. Numbers may come as decimal text. What was not
 * asked for, nulls included, is left over in `extra()` and goes back out when the value is formatted again.
 */
export class JsonReader {
  readonly path: string;
  readonly #json: JsonObject;
  readonly #read: string[] = [];

  /** @throws {ParseError} when `json` is no object */
  constructor(json: unknown, path: string) {
    if (!isJsonObject(json)) throw new ParseError(path, `expected an object, got ${describeJson(json)}`);
    this.path = path;
    this.#json = json;
  }

  /** Whether the member stands there at all, null included. Does not count as reading it. */
  has(name: string): boolean {
    return Object.hasOwn(this.#json, name);
  }

  /** The member as it is; undefined when absent or null. */
  value(name: string): JsonValue | undefined {
    if (!Object.hasOwn(this.#json, name)) return undefined;
    const value = this.#json[name];
    if (value === null || value === undefined) return undefined;
    if (!this.#read.includes(name)) this.#read.push(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.error(name, 'text', value);
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.missing(name, 'text');
  }

  /** Whether the member is a finite number, or decimal text. Does not count as reading it. */
  isNumeric(name: string): boolean {
    const value = this.has(name) ? this.#json[name] : undefined;
    return typeof value === 'number' || (typeof value === 'string' && decimal.test(value));
  }

  /** Finite number, also as decimal text. */
  optionalNumber(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && decimal.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw this.error(name, 'a number', value);
  }

  /** Whole number; a fraction is cut off, as peers do. */
  optionalInteger(name: string): number | undefined {
    const number = this.optionalNumber(name);
    if (number === undefined) return undefined;
    const integer = Math.trunc(number) + 0; // no -0
    if (Number.isSafeInteger(integer)) return integer;
    throw this.error(name, 'a whole number', number);
  }

  integer(name: string): number {
    return this.optionalInteger(name) ?? this.missing(name, 'a whole number');
  }

  /** Bytes from base64 text. */
  optionalBytes(name: string): Uint8Array | undefined {
    const text = this.optionalText(name);
    return text === undefined ? undefined : decodeBase64(text, this.at(name));
  }

  bytes(name: string): Uint8Array {
    return this.optionalBytes(name) ?? this.missing(name, 'base64 text');
  }

  optionalObject(name: string): JsonObject | undefined {
    const value = this.value(name);
    if (value === undefined || isJsonObject(value)) return value;
    throw this.error(name, 'an object', value);
  }

  object(name: string): JsonObject {
    return this.optionalObject(name) ?? this.missing(name, 'an object');
  }

  optionalList(name: string): readonly JsonValue[] | undefined {
    const value = this.value(name);
    if (value === undefined || Array.isArray(value)) return value as readonly JsonValue[] | undefined;
    throw this.error(name, 'a list', value);
  }

  /** All members that were not read, nulls included. */
  extra(): JsonObject {
    const names = Object.keys(this.#json);
    if (names.length === this.#read.length) return noExtra;
    const rest = names.filter(name => !this.#read.includes(name));
    return Object.fromEntries(rest.map(name => [name, this.#json[name] as JsonValue]));
  }

  /** The name of a member's place, for errors of values inside it. */
  at(name: string): string {
    return `${this.path}.${name}`;
  }

  /** An error that tells what stood at a member, without showing it. */
  error(name: string, expected: string, got: unknown): ParseError {
    return new ParseError(this.at(name), `expected ${expected}, got ${describeJson(got)}`);
  }

  /** @throws {ParseError} always */
  missing(name: string, expected: string): never {
    throw this.error(name, expected, undefined);
  }
}

const decimal = /^[+-]?\d{1,20}(\.\d{1,20})?$/;
const noExtra: JsonObject = Object.freeze({});
