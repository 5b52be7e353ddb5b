import { isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';

/** Where a result is not what was expected. */
export interface Difference {
  /** The first place: `secure.keys`. */
  readonly path: string;
  readonly expected: JsonValue;
  readonly actual: JsonValue;
}

/** What an operation gives that was refused. */
export const refused: JsonObject = Object.freeze({ refused: true });

/** Members of `out` that are there for people. */
const remarks: ReadonlySet<string> = new Set(['why', 'refused']);

/**
 * Holds a result against `out`. Members that `out` does not name are free; those it names are compared as
 * data. `refused` is satisfied by any way of saying no, and so is a verdict `valid` or `match` of false.
 */
export function compareResult(actual: JsonObject, expected: JsonObject): Difference | undefined {
  if (expected['refused'] === true && !saysNo(actual)) return { path: 'out', expected: refused, actual };
  if (actual['refused'] === true && expected['refused'] !== true) {
    return saysNo(expected) ? undefined : { path: 'out', expected, actual };
  }
  for (const [name, value] of Object.entries(expected)) {
    if (remarks.has(name)) continue;
    const difference = findDifference(memberOf(actual, name), value, name);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function saysNo(result: JsonObject): boolean {
  return result['refused'] === true || result['valid'] === false || result['match'] === false;
}

/** The first place where two values differ as data: the order of members is free. */
export function findDifference(actual: JsonValue, expected: JsonValue, path: string): Difference | undefined {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) return { path, expected, actual };
    return firstOf(
      actual.map(
        (item: JsonValue, index) => () => findDifference(item, expected[index], `${path}[${index}]`),
      ),
    );
  }
  if (isJsonObject(actual) && isJsonObject(expected)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return firstOf([...names].map(name => () => findMemberDifference(actual, expected, name, path)));
  }
  return actual === expected ? undefined : { path, expected, actual };
}

function findMemberDifference(
  actual: JsonObject,
  expected: JsonObject,
  name: string,
  path: string,
): Difference | undefined {
  const place = `${path}.${name}`;
  if (Object.hasOwn(actual, name) && Object.hasOwn(expected, name)) {
    return findDifference(memberOf(actual, name), memberOf(expected, name), place);
  }
  return { path: place, expected: memberOf(expected, name), actual: memberOf(actual, name) };
}

function firstOf(comparisons: readonly (() => Difference | undefined)[]): Difference | undefined {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function memberOf(json: JsonObject, name: string): JsonValue {
  return (Object.hasOwn(json, name) ? json[name] : undefined) ?? null;
}
