import { isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';
import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { loadVectors, shippedFiles } from '../../src/vectors/load.js';
import { createRunner } from '../../src/vectors/run.js';

const files = await Promise.all((await shippedFiles()).map(loadVectors));
const cases = files.flatMap(file => file.sections).flatMap(section => section.cases);
const [first] = files;
const run = createRunner(first as NonNullable<typeof first>);

/** Puts a value in place of one that stands somewhere in another, which a list of numbers picks. */
function put(json: JsonValue, picks: readonly number[], value: JsonValue): JsonValue {
  const [pick = 0, ...more] = picks;
  const names = isJsonObject(json) ? Object.keys(json) : [];
  const name = names[pick % names.length];
  if (!isJsonObject(json) || name === undefined || picks.length === 0) return value;
  return { ...json, [name]: put(json[name] ?? null, more, value) };
}

describe('a case with something odd in it', () => {
  test.prop([
    fc.constantFrom(...cases),
    fc.constantFrom('input', 'expected'),
    fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
    fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<JsonValue>('', 0, -1, {}, [], null, 'A'.repeat(2000)),
    ),
  ])('passes or fails, by what the library says', async (one, member, picks, value) => {
    const altered = { ...one, [member]: put(one[member], picks, value as JsonValue) as JsonObject };
    const { status, message } = await (await run)(altered);
    expect(['passed', 'failed']).toContain(status);
    expect(message).not.toMatch(/^TypeError|^ReferenceError|unforeseen/);
  });
});
