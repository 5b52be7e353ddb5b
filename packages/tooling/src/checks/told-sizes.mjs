/** @import { Sizes } from './budgets.mjs' */

/** What the README at the root tells the size of. */
const told = [
  ...['core', 'crypto', 'crypto-web', 'dkd', 'mkm', 'sdk', 'store', 'client/websocket'].map(
    name => `@dimp/${name}`,
  ),
  'RSA-only personal client on core',
  'RSA-only personal client on sdk',
  'everything a personal client needs, on core',
];

/** A figure stands behind the name of what it is of, which readers do not see: `<!-- kB @dimp/sdk -->66`. */
const figures = /(<!-- kB (.+?) -->)(\d+)/g;

/**
 * A README with its figures as they are: in whole kB of 1,024 bytes, rounded.
 *
 * @param {string} text
 * @param {Sizes} sizes
 * @throws {Error} for a figure of something that has no size, and when one is missing
 */
export function withSizes(text, sizes) {
  const kilobytes = toKilobytes(sizes);
  const lost = findLost(text, kilobytes);
  if (lost.length > 0) throw new Error(lost.join('\n'));
  return text.replace(figures, (_, mark, name) => mark + Math.round(kilobytes[name] ?? 0));
}

/**
 * The figures of a README that are not true any more. One may be beside the size by 1 kB or 2 per cent: who changes a
 * package need not write it anew each time.
 *
 * @param {string} text
 * @param {Sizes} sizes
 * @returns {readonly string[]} what is wrong
 */
export function findStale(text, sizes) {
  const kilobytes = toKilobytes(sizes);
  const stale = [...text.matchAll(figures)].flatMap(([, , name = '', figure]) => {
    const size = kilobytes[name];
    if (size === undefined || Math.abs(Number(figure) - size) <= Math.max(1, size * 0.02)) return [];
    return [`tells ${figure} kB of ${name}, which has ${size.toFixed(1)}`];
  });
  return [...findLost(text, kilobytes), ...stale];
}

/**
 * @param {string} text
 * @param {Readonly<Record<string, number>>} kilobytes
 */
function findLost(text, kilobytes) {
  const names = [...text.matchAll(figures)].map(([, , name = '']) => name);
  return [
    ...names
      .filter(name => kilobytes[name] === undefined)
      .map(name => `tells the size of ${name}, which has none`),
    ...told.filter(name => !names.includes(name)).map(name => `lacks a figure behind <!-- kB ${name} -->`),
  ];
}

/**
 * @param {Sizes} sizes
 * @returns {Readonly<Record<string, number>>}
 */
function toKilobytes({ pages, browser }) {
  return Object.fromEntries(
    Object.entries({ ...pages, ...browser }).map(([name, size]) => [name, size / 1024]),
  );
}
