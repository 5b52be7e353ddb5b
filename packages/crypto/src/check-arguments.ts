import { describeJson } from './json.js';

/**
 * Whether an argument is bytes. Programs without a type checker pass texts, and what takes bytes makes zeros or nothing
 * of them without a word.
 * @param name of the argument, for the error
 * @throws {TypeError} it is something else
 */
export function checkBytes(value: unknown, name: string): void {
  if (value instanceof Uint8Array) return;
  // those of another realm, such as a frame, have a class of their own
  if (Object.prototype.toString.call(value) === '[object Uint8Array]') return;
  const advice = typeof value === 'string' ? '; encodeUtf8 or decodeBase64 makes them of text' : '';
  throw new TypeError(`${name}: expected bytes (Uint8Array), got ${describeJson(value)}${advice}.`);
}

/** Whether an argument is text. @throws {TypeError} it is something else */
export function checkText(value: unknown, name: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name}: expected text, got ${describeJson(value)}.`);
}

/** Whether an argument is a number; which ones it may be is for the caller. @throws {TypeError} it is something else */
export function checkNumber(value: unknown, name: string): void {
  if (typeof value !== 'number')
    throw new TypeError(`${name}: expected a number, got ${describeJson(value)}.`);
}

/**
 * The error for an argument that is something else than expected.
 * @param advice what to write instead
 */
export function mistaken(name: string, expected: string, value: unknown, advice: string): TypeError {
  return new TypeError(`${name}: expected ${expected}, got ${describeArgument(value)}; ${advice}.`);
}

/** Whether a value is an object with a member of this name, which tells what it is well enough. */
export function hasMember<Name extends string | symbol>(
  value: unknown,
  name: Name,
): value is Readonly<Record<Name, unknown>> {
  return typeof value === 'object' && value !== null && name in value;
}

/** The kind of a value in words, never the value itself. */
export function describeArgument(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const { name } = value.constructor ?? Object;
  return name === 'Object' ? 'another object' : `a ${name}`;
}
