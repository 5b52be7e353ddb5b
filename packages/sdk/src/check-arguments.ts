import { type JsonObject, limits } from '@dimp/crypto';
import type { Content } from '@dimp/dkd';
import type { ID, Meta, Profile } from '@dimp/mkm';

/**
 * Mistakes that a compiler would find, told to those who have none. Only what applications call is checked, once for
 * each call; inside, types are trusted.
 */

/** @throws {TypeError} */
export function checkFacebookOptions(options: object): void {
  checkOptions(options, 'Facebook', 'archive', 'archive: store.archive');
  checkMember(
    options,
    'protocol',
    'contents',
    'a protocol',
    'createProtocol() or defaultProtocol() makes one',
  );
  checkMember(options, 'archive', 'loadMeta', 'an archive', 'new Facebook({ archive: store.archive })');
}

/** @throws {TypeError} */
export function checkMessengerOptions(options: object): void {
  checkOptions(options, 'Messenger', 'facebook, transport', 'store');
  checkMember(options, 'facebook', 'barrack', 'a Facebook', 'new Messenger({ facebook })');
  checkMember(options, 'store', 'begin', 'an open store', 'await openStore() gives one');
  checkMember(options, 'transport', 'subscribe', 'a transport', 'one with send and subscribe');
  checkMember(options, 'attachments', 'beforeEncrypt', 'a handler', 'attachmentHandler(host) makes one');
  checkMember(options, 'processors', Symbol.iterator, 'a list', 'defaultProcessors() makes one');
}

/** @throws {TypeError} */
export function checkGiven(value: unknown, name: string, advice: string): void {
  if (value === undefined) throw new TypeError(`${name}: expected one, got nothing; ${advice}.`);
}

/** @throws {TypeError} */
export function checkFacebook(facebook: object): void {
  check(has(facebook, 'barrack'), 'facebook', 'a Facebook', facebook, 'new Facebook() makes one');
}

/** @throws {TypeError} */
export function checkMessenger(messenger: object): void {
  const isRight = has(messenger, 'transceiver');
  check(isRight, 'messenger', 'a Messenger', messenger, 'new Messenger({ facebook }) makes one');
}

/** @throws {TypeError} */
export function checkHost(host: object): void {
  check(has(host, 'upload'), 'host', 'a file host', host, 'one with upload and download');
}

/** @throws {TypeError} */
export function checkContent(content: Content): void {
  const isRight = has(content, 'kind') && has(content, 'type');
  check(isRight, 'content', 'a content', content, "createText('Hello') makes one");
}

/** @throws {TypeError} */
export function checkID(id: ID, name: string): void {
  if (has(id, 'key') && has(id, 'address')) return;
  const advice = has(id, 'id') ? `the ID of a user is user.id` : `facebook.parseID(text) reads one`;
  check(false, name, 'an ID', id, advice);
}

/** @throws {TypeError} */
export function checkIDs(ids: readonly ID[], name: string): void {
  check(Array.isArray(ids), name, 'a list of IDs', ids, 'write [id]');
  for (const id of ids) checkID(id, name);
}

/** @throws {TypeError} */
export function checkMeta(meta: Meta): void {
  const isRight = has(meta, 'key') && has(meta, 'json');
  check(isRight, 'meta', 'a meta', meta, 'parseMeta(json, facebook.protocol) reads one');
}

/** @throws {TypeError} */
export function checkProfile(profile: Profile): void {
  const isRight = has(profile, 'id') && has(profile, 'properties');
  check(isRight, 'profile', 'a profile', profile, 'parseProfile(json, facebook.protocol) reads one');
}

/** That these are named values which JSON can say: what it cannot would be signed as something else. @throws {TypeError} */
export function checkProperties(properties: JsonObject, name: string): void {
  check(isPlain(properties), name, 'an object of properties', properties, "write { name: 'Alice' }");
  for (const [key, value] of Object.entries(properties)) {
    check(isJson(value, 1), `${name}.${key}`, 'a value of JSON', value, 'null is for none');
  }
}

/** @throws {TypeError} */
export function checkName<Name extends string>(
  name: Name,
  names: Readonly<Record<Name, unknown>>,
  what: string,
): void {
  if (typeof name === 'string' && Object.hasOwn(names, name)) return;
  // a name is no secret, and the letter that is wrong is best seen beside the right ones
  const got = typeof name === 'string' ? JSON.stringify(name) : describe(name);
  throw new TypeError(`${what}: expected one of ${Object.keys(names).join(', ')}; got ${got}.`);
}

/** @throws {TypeError} */
export function checkText(text: string, name: string): void {
  if (typeof text !== 'string') throw new TypeError(`${name}: expected text, got ${describe(text)}.`);
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

function checkOptions(options: object, name: string, members: string, ofStore: string): void {
  // the things that stand in an option are what is handed over by mistake
  const isStore = has(options, 'begin') && has(options, 'archive');
  const isOther = Array.isArray(options) || ['barrack', 'loadMeta', 'then'].some(sign => has(options, sign));
  const isRight = typeof options === 'object' && options !== null && !isStore && !isOther;
  const example = isStore ? ofStore : members;
  check(isRight, 'options', 'an object of options', options, `write new ${name}({ ${example} })`);
}

function checkMember(
  options: object,
  name: string,
  sign: string | symbol,
  what: string,
  advice: string,
): void {
  const value = (options as Readonly<Record<string, unknown>>)[name];
  check(value === undefined || has(value, sign), `options.${name}`, what, value, advice);
}

function check(isRight: boolean, name: string, what: string, value: unknown, advice: string): void {
  if (isRight) return;
  const better = has(value, 'then') ? 'await it' : advice;
  throw new TypeError(`${name}: expected ${what}, got ${describe(value)}; ${better}.`);
}

function has(value: unknown, name: string | symbol): boolean {
  return typeof value === 'object' && value !== null && name in value;
}

/** Whether it is an object as JSON has them, of this program or another window's: no list and of no class. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isJson(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  // also what holds itself ends here
  if (depth > limits.jsonDepth || !(Array.isArray(value) || isPlain(value))) return false;
  return Object.values(value as object).every(item => isJson(item, depth + 1));
}

/** The kind of a value in words, never the value itself. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return value === undefined ? 'nothing' : typeof value;
  const { name } = value.constructor ?? Object;
  return name === 'Object' ? 'another object' : `a ${name}`;
}
