import type { Content } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';

/**
 * Mistakes that a compiler would find, told to those who have none. Only what applications call is checked, once for
 * each call; inside, types are trusted.
 */

/** @throws {TypeError} */
export function checkFacebookOptions(options: object): void {
  checkOptions(options, 'Facebook', 'archive');
  checkMember(
    options,
    'protocol',
    'contents',
    'a protocol',
    'createProtocol() or defaultProtocol() makes one',
  );
  checkMember(options, 'archive', 'loadMeta', 'an archive', 'new Facebook({ archive })');
}

/** @throws {TypeError} */
export function checkMessengerOptions(options: object): void {
  checkOptions(options, 'Messenger', 'facebook, transport');
  checkMember(options, 'facebook', 'barrack', 'a Facebook', 'new Messenger({ facebook })');
  checkMember(options, 'transport', 'subscribe', 'a transport', 'one with send and subscribe');
}

/** @throws {TypeError} */
export function checkGiven(value: unknown, name: string, advice: string): void {
  if (value === undefined) throw new TypeError(`${name}: expected one, got nothing; ${advice}.`);
}

/** @throws {TypeError} */
export function checkContent(content: Content): void {
  if (has(content, 'kind') && has(content, 'type')) return;
  throw new TypeError(
    `content: expected a content, got ${describe(content)}; createText('Hello') makes one.`,
  );
}

/** @throws {TypeError} */
export function checkID(id: ID, name: string): void {
  if (has(id, 'key') && has(id, 'address')) return;
  const advice = has(id, 'id') ? `the ID of a user is user.id` : `facebook.parseID(text) reads one`;
  throw new TypeError(`${name}: expected an ID, got ${describe(id)}; ${advice}.`);
}

/** @throws {TypeError} */
export function checkNumber(value: number, name: string): void {
  if (typeof value !== 'number') throw new TypeError(`${name}: expected a number, got ${describe(value)}.`);
}

/** @throws {TypeError} */
export function checkPackage(data: Uint8Array | string): void {
  if (typeof data === 'string' || Object.prototype.toString.call(data) === '[object Uint8Array]') return;
  throw new TypeError(`data: expected a package, bytes or text, got ${describe(data)}.`);
}

function checkOptions(options: object, name: string, members: string): void {
  // the things that stand in an option are what is handed over by mistake
  const isOther = Array.isArray(options) || has(options, 'barrack') || has(options, 'loadMeta');
  if (typeof options === 'object' && options !== null && !isOther) return;
  throw new TypeError(
    `options: expected an object of options, got ${describe(options)}; write new ${name}({ ${members} }).`,
  );
}

function checkMember(options: object, name: string, sign: string, what: string, advice: string): void {
  const value = (options as Readonly<Record<string, unknown>>)[name];
  if (value === undefined || has(value, sign)) return;
  throw new TypeError(`options.${name}: expected ${what}, got ${describe(value)}; ${advice}.`);
}

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && name in value;
}

/** The kind of a value in words, never the value itself. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return value === undefined ? 'nothing' : typeof value;
  const { name } = value.constructor ?? Object;
  return name === 'Object' ? 'another object' : `a ${name}`;
}
