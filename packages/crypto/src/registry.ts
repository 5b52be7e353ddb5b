import { UnsupportedError, UsageError } from './errors.js';

/** Anything that is found by what stands on the wire for it. */
export interface Definition {
  /** What is written: `'RSA'`, `1`, `'meta'`. */
  readonly code: string | number;
  /** What else is read as the same. */
  readonly aliases?: readonly (string | number)[];
}

/**
 * An immutable look-up from code to definition. Built where it is used; nothing registers itself.
 *
 * @example
 * const contents = createRegistry('content definition', defaultContents).with(pollContent)
 */
export interface Registry<T extends Definition> extends Iterable<T> {
  /** What it holds, in words, for errors. */
  readonly what: string;
  /** The definition for a code or alias, by exact letters. */
  find(code: string | number): T | undefined;
  /** @throws {UnsupportedError} when there is none */
  get(code: string | number): T;
  /** A registry with more definitions. @throws {UsageError} when one of their codes is taken */
  with(...definitions: readonly T[]): Registry<T>;
  /** A registry in which these definitions stand in for those of the same code. @throws {UsageError} when there is none */
  replace(...definitions: readonly T[]): Registry<T>;
}

/** @param what what it holds, in words, for errors: `'symmetric algorithm'` */
export function createRegistry<T extends Definition>(what: string, definitions: Iterable<T>): Registry<T> {
  const list = [...definitions];
  const byCode = new Map<string | number, T>();
  for (const definition of list) {
    for (const code of [definition.code, ...(definition.aliases ?? [])]) {
      if (byCode.has(code)) {
        throw new UsageError(`Two ${what}s for ${JSON.stringify(code)}; use replace().`);
      }
      byCode.set(code, definition);
    }
  }
  return {
    what,
    find: code => byCode.get(code),
    get(code) {
      const found = byCode.get(code);
      if (found === undefined) throw new UnsupportedError(what, code, `known are ${known(list)}.`);
      return found;
    },
    with: (...more) => createRegistry(what, [...list, ...more]),
    replace(...newer) {
      for (const definition of newer) {
        if (!list.some(old => old.code === definition.code)) {
          throw new UsageError(`No ${what} for ${JSON.stringify(definition.code)}; use with().`);
        }
      }
      return createRegistry(
        what,
        list.map(old => newer.find(definition => definition.code === old.code) ?? old),
      );
    },
    [Symbol.iterator]: () => list[Symbol.iterator](),
  };
}

function known(list: readonly Definition[]): string {
  return list.length === 0 ? 'none' : list.map(definition => JSON.stringify(definition.code)).join(', ');
}
