import { checkBytes, checkText, describeArgument, hasMember, mistaken } from '@dimp/crypto/check-arguments';

/**
 * Mistakes that a compiler would find, told to those who have none. Only what applications call is checked, once for
 * each call; inside, types are trusted.
 */

/** @throws {TypeError} */
export function checkTransportOptions(options: object): void {
  checkOptions(options, 'StationTransport', 'facebook, user, stations');
  const { facebook, user, stations, device } = options as Readonly<Record<string, unknown>>;
  if (!hasMember(facebook, 'barrack'))
    throw mistaken('options.facebook', 'a Facebook', facebook, 'it has the keys of the user');
  checkID(user, 'options.user');
  if (device !== undefined) checkDevice(device);
  const example = "stations: [{ url: 'ws://127.0.0.1:9394' }] names one";
  if (!Array.isArray(stations)) throw mistaken('options.stations', 'a list', stations, example);
  for (const [index, station] of stations.entries()) {
    const name = `options.stations[${index}]`;
    if (!hasMember(station, 'url') || typeof station.url !== 'string')
      throw mistaken(name, '{ url }', station, example);
    if (hasMember(station, 'id') && station.id !== undefined) checkID(station.id, `${name}.id`);
    if (hasMember(station, 'meta') && station.meta !== undefined && !hasMember(station.meta, 'json'))
      throw mistaken(`${name}.meta`, 'a Meta', station.meta, 'parseMeta(json, protocol) reads one');
  }
}

/** It stands in an ID, behind the slash. */
function checkDevice(device: unknown): void {
  checkText(device, 'options.device');
  if (/^[^/\s]{1,128}$/.test(device as string)) return;
  throw new RangeError('options.device: expected 1 to 128 letters without "/" and blanks.');
}

/** @throws {TypeError} */
export function checkHostOptions(options: object): void {
  checkOptions(options, 'HttpFileHost', 'session');
  const { session, allow, stallSeconds, retrySeconds, maxRetrySeconds } = options as Readonly<
    Record<string, unknown>
  >;
  if (!hasMember(session, 'upload') || typeof session.upload !== 'function') {
    const advice = 'new HttpFileHost({ session: transport }) takes that of a StationTransport';
    throw mistaken('options.session', 'one with upload()', session, advice);
  }
  if (allow !== undefined && !Array.isArray(allow)) {
    throw mistaken('options.allow', 'a list', allow, "write ['https://files.example.org']");
  }
  checkSeconds(stallSeconds, 'options.stallSeconds');
  checkSeconds(retrySeconds, 'options.retrySeconds');
  checkSeconds(maxRetrySeconds, 'options.maxRetrySeconds');
}

/** @throws {TypeError} */
export function checkFile(data: Uint8Array | ReadableStream<Uint8Array>): void {
  if (!hasMember(data, 'getReader')) checkBytes(data, 'data');
}

/** The longest that timers of JavaScript wait: a longer time makes them go off at once. */
const mostSeconds = 2_147_483;

/** @throws {RangeError} */
export function checkSeconds(value: unknown, name: string): void {
  checkPositive(value, name, mostSeconds);
}

/** Undefined is none to be checked. @throws {RangeError} */
export function checkPositive(value: unknown, name: string, most: number = Number.POSITIVE_INFINITY): void {
  if (value === undefined || (typeof value === 'number' && value > 0 && value <= most)) return;
  const range = most < Number.POSITIVE_INFINITY ? `above 0, up to ${most}` : 'above 0';
  const got = typeof value === 'number' ? value : describeArgument(value);
  throw new RangeError(`${name}: expected a number ${range}, got ${got}.`);
}

function checkOptions(options: unknown, name: string, members: string): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
  throw mistaken('options', 'an object of options', options, `write new ${name}({ ${members} })`);
}

function checkID(id: unknown, name: string): void {
  if (hasMember(id, 'key') && hasMember(id, 'address')) return;
  const advice = hasMember(id, 'id') ? 'the ID of a user is user.id' : 'facebook.parseID(text) reads one';
  throw mistaken(name, 'an ID', id, advice);
}
