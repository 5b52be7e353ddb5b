import type { Protocol } from '@dimp/core';
import type { Definition, JsonObject, JsonReader, JsonValue } from '@dimp/crypto';
import type { Awaitable } from '@dimp/mkm';
import type { Accounts } from './accounts.js';
import { type Difference, findDifference } from './compare.js';

/** What an operation has at hand beside its arguments. */
export interface CaseContext {
  readonly protocol: Protocol;
  readonly accounts: Accounts;
  /** The arguments as they stand in the case. */
  readonly input: JsonObject;
  /**
   * What the case says is right. For what cannot be made anew, such as ciphertexts with random padding: it is
   * opened instead.
   */
  readonly expected: JsonObject;
}

/** One `op`: how it is done with the library. */
export interface Operation extends Definition {
  readonly code: string;
  /**
   * Does it. The members of the result are compared with those of `out`.
   *
   * An error of the library means that it was refused.
   * @throws {DifferenceError} what cannot be told by a result is not as it should be
   * @throws {VectorFormError} the case names an account that is not there
   */
  run(input: JsonReader, context: CaseContext): Awaitable<JsonObject>;
  /**
   * The part of `out`, or of the result, that can be compared. For members that are written differently
   * each time. The whole when absent.
   */
  comparable?(result: JsonObject, context: CaseContext): JsonObject;
}

/** Found in the middle of an operation: something is not what it should be. */
export class DifferenceError extends Error {
  override readonly name = 'DifferenceError';
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(`${difference.path} differs`);
    this.difference = difference;
  }
}

/** Compares in the middle of an operation. @throws {DifferenceError} */
export function expectEqual(actual: JsonValue, expected: JsonValue, path: string): void {
  const difference = findDifference(actual, expected, path);
  if (difference !== undefined) throw new DifferenceError(difference);
}
