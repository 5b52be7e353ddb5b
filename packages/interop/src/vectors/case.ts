import { isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';
import type { Generation } from '@dimp/mkm';

/** One thing to do, and what a correct implementation gives. */
export interface VectorCase {
  readonly name: string;
  /** What to do; of a case that does not say, what it calls its kind. */
  readonly op: string;
  readonly input: JsonObject;
  /** `out` of the file. */
  readonly expected: JsonObject;
}

/** Cases that stand together. */
export interface VectorSection {
  /** Undefined in a file that has only one. */
  readonly name: string | undefined;
  readonly cases: readonly VectorCase[];
}

/** A file of cases. */
export interface VectorFile {
  /** As it was named by the caller. */
  readonly path: string;
  /** Whose rules its cases follow. */
  readonly generation: Generation;
  readonly sections: readonly VectorSection[];
  /** The accounts its cases speak of, not read yet. */
  readonly accounts: JsonObject;
}

/** A file or a case that is not of the form it should have. The program that is tested has no part in it. */
export class VectorFormError extends Error {
  override readonly name = 'VectorFormError';
}

/**
 * Reads a list of cases. Every entry becomes one, however odd it is, so that none goes unnoticed.
 * @param what names the list in errors
 * @param otherwise what the operation is called where a case names none
 */
export function parseCases(
  json: JsonValue | undefined,
  what: string,
  otherwise: string,
): readonly VectorCase[] {
  if (!Array.isArray(json)) throw new VectorFormError(`${what}: expected a list of cases`);
  return json.map((entry: JsonValue, index): VectorCase => {
    const value = isJsonObject(entry) ? entry : {};
    const { name, case: label, op, kind, in: input, out } = value;
    return {
      name: textOf(name) ?? textOf(label) ?? `#${index + 1}`,
      op: textOf(op) ?? textOf(kind) ?? otherwise,
      input: isJsonObject(input) ? input : {},
      expected: isJsonObject(out) ? out : {},
    };
  });
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
