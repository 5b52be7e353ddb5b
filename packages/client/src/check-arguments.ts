import { hasMember, mistaken } from '@dimp/crypto/check-arguments';

/**
 * Mistakes that a compiler would find, told to those who have none. Only what applications call is checked, once for
 * each call; inside, types are trusted.
 */

/** @throws {TypeError} */
export function checkTransportOptions(options: object): void {
  checkOptions(options, 'StationTransport', 'facebook, user, stations');
  const { facebook, user, stations } = options as Readonly<Record<string, unknown>>;
  if (!hasMember(facebook, 'barrack'))
    throw mistaken('options.facebook', 'a Facebook', facebook, 'it has the keys of the user');
  checkID(user, 'options.user');
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

/** @throws {TypeError} */
export function checkHostOptions(options: object): void {
  checkOptions(options, 'HttpFileHost', 'session');
  const { session } = options as Readonly<Record<string, unknown>>;
  if (hasMember(session, 'upload') && typeof session.upload === 'function') return;
  const advice = 'new HttpFileHost({ session: transport }) takes that of a StationTransport';
  throw mistaken('options.session', 'one with upload()', session, advice);
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
