import { type JsonObject, limits } from '@dimp/crypto';
import { describeArgument, hasMember, mistaken } from '@dimp/crypto/check-arguments';
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
  check(hasMember(facebook, 'barrack'), 'facebook', 'a Facebook', facebook, 'new Facebook() makes one');
}

/** @throws {TypeError} */
export function checkMessenger(messenger: object): void {
  const isRight = hasMember(messenger, 'transceiver');
  check(isRight, 'messenger', 'a Messenger', messenger, 'new Messenger({ facebook }) makes one');
}

/** @throws {TypeError} */
export function checkHost(host: object): void {
  check(hasMember(host, 'upload'), 'host', 'a file host', host, 'one with upload and download');
}

/** @throws {TypeError} */
export function checkContent(content: Content): void {
  const isRight = hasMember(content, 'kind') && hasMember(content, 'type');
  check(isRight, 'content', 'a content', content, "createText('Hello') makes one");
}

/** @throws {TypeError} */
export function checkID(id: ID, name: string): void {
  if (hasMember(id, 'key') && hasMember(id, 'address')) return;
  const advice = hasMember(id, 'id') ? `the ID of a user is user.id` : `facebook.parseID(text) reads one`;
  check(false, name, 'an ID', id, advice);
}

/** @throws {TypeError} */
export function checkIDs(ids: readonly ID[], name: string): void {
  check(Array.isArray(ids), name, 'a list of IDs', ids, 'write [id]');
  for (const id of ids) checkID(id, name);
}

/** @throws {TypeError} */
export function checkMeta(meta: Meta): void {
  const isRight = hasMember(meta, 'key') && hasMember(meta, 'json');
  check(isRight, 'meta', 'a meta', meta, 'parseMeta(json, facebook.protocol) reads one');
}

/** @throws {TypeError} */
export function checkProfile(profile: Profile): void {
  const isRight = hasMember(profile, 'id') && hasMember(profile, 'properties');
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
  const got = typeof name === 'string' ? JSON.stringify(name) : describeArgument(name);
  throw new TypeError(`${what}: expected one of ${Object.keys(names).join(', ')}; got ${got}.`);
}

/** @throws {TypeError} */
export function checkPackage(data: Uint8Array | string): void {
  if (typeof data === 'string' || Object.prototype.toString.call(data) === '[object Uint8Array]') return;
  throw new TypeError(`data: expected a package, bytes or text, got ${describeArgument(data)}.`);
}

function checkOptions(options: object, name: string, members: string, ofStore: string): void {
  // the things that stand in an option are what is handed over by mistake
  const isStore = hasMember(options, 'begin') && hasMember(options, 'archive');
  const isOther =
    Array.isArray(options) || ['barrack', 'loadMeta', 'then'].some(sign => hasMember(options, sign));
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
  check(value === undefined || hasMember(value, sign), `options.${name}`, what, value, advice);
}

function check(isRight: boolean, name: string, what: string, value: unknown, advice: string): void {
  if (isRight) return;
  const better = hasMember(value, 'then') ? 'await it' : advice;
  throw mistaken(name, what, value, better);
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
