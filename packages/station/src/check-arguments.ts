import { mistaken } from '@dimp/crypto/check-arguments';
import { defaultFileOptions } from './files/file-options.js';
import { defaultLimits, defaultListen, defaultRetention } from './options.js';
import type { StationOptions } from './station-options.js';

/**
 * Mistakes that a compiler would find, told to those who have none. Only what applications call is checked, once for
 * each call; inside, types are trusted.
 */

/** The options that hold others, and the names in them. */
const groups: Readonly<Record<string, ReadonlySet<string>>> = {
  listen: new Set(Object.keys(defaultListen)),
  limits: new Set(Object.keys(defaultLimits)),
  retention: new Set(Object.keys(defaultRetention)),
  files: new Set([...Object.keys(defaultFileOptions), 'url']),
};

const members: Readonly<Record<keyof StationOptions, true>> = {
  data: true,
  listen: true,
  limits: true,
  retention: true,
  name: true,
  passphrase: true,
  keyBits: true,
  neighbours: true,
  tls: true,
  url: true,
  files: true,
  openMetrics: true,
  routes: true,
  log: true,
  metrics: true,
  ports: true,
  clock: true,
};

/** @throws {TypeError} */
export function checkStationOptions(options: object): void {
  const example = "write new StationServer({ data: './data' })";
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw mistaken('options', 'an object of options', options, example);
  for (const name of Object.keys(options)) if (!Object.hasOwn(members, name)) throw unknown(name);
  const { data, passphrase } = options as Readonly<Record<string, unknown>>;
  if (typeof data !== 'string') throw mistaken('options.data', 'the path of a folder', data, example);
  // a setting that is missing in the environment must not leave open what was meant to be sealed
  if ('passphrase' in options && typeof passphrase !== 'string') {
    const advice = 'leave it out for an account that lies open';
    throw mistaken('options.passphrase', 'a text', passphrase, advice);
  }
  for (const [group, names] of Object.entries(groups)) checkGroup(options, group, names);
}

function checkGroup(options: object, group: string, names: ReadonlySet<string>): void {
  const value = (options as Readonly<Record<string, unknown>>)[group];
  if (value === undefined || (group === 'files' && value === false)) return;
  const example = `write ${group}: { ${[...names][0]} }`;
  if (typeof value !== 'object' || value === null)
    throw mistaken(`options.${group}`, 'an object', value, example);
  const odd = Object.keys(value).find(name => !names.has(name));
  if (odd === undefined) return;
  const others = [...names].join(', ');
  throw new TypeError(`options.${group}: there is no option ${JSON.stringify(odd)}; there are ${others}.`);
}

function unknown(name: string): TypeError {
  const group = Object.keys(groups).find(one => groups[one]?.has(name));
  const advice =
    group === undefined
      ? `there are ${Object.keys(members).join(', ')}`
      : `it belongs in ${group}: { ${name} }`;
  return new TypeError(`options: there is no option ${JSON.stringify(name)}; ${advice}.`);
}
