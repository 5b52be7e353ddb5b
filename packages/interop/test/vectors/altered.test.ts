import { basename } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import type { VectorCase } from '../../src/vectors/case.js';
import { loadVectors, shippedFiles } from '../../src/vectors/load.js';
import { createRunner } from '../../src/vectors/run.js';

// a runner that passes whatever stands in `out` would look just as good on the published set: here `out` is wrong

/** Members that are free, or that say what must not come out. */
const free: ReadonlySet<string> = new Set(['sn', 'time', 'why', 'never']);

const files = await Promise.all((await shippedFiles()).map(loadVectors));

describe.each(files.map(file => ({ file, title: basename(file.path) })))('$title', ({ file }) => {
  const running = createRunner(file);
  const cases = firstOfEachOperation(file.sections.flatMap(section => section.cases));
  const altered = cases.flatMap(one =>
    alterations(one).map(({ member, expected }) => ({ ...one, member, expected })),
  );

  it.each(altered)('$op: $name, with another $member', async one => {
    const run = await running;
    expect((await run(one)).status).toBe('failed');
  });
});

function firstOfEachOperation(cases: readonly VectorCase[]): readonly VectorCase[] {
  const isFirst = (one: VectorCase, index: number) => cases.findIndex(({ op }) => op === one.op) === index;
  const isFirstRefusal = (one: VectorCase, index: number) =>
    cases.findIndex(({ op, expected }) => op === one.op && expected['refused'] === true) === index;
  return cases.filter((one, index) => isFirst(one, index) || isFirstRefusal(one, index));
}

function alterations({ expected }: VectorCase): { readonly member: string; readonly expected: JsonObject }[] {
  const members = Object.keys(expected).filter(member => !free.has(member));
  return members.flatMap(member => {
    const value = alter(expected[member] ?? null);
    return value === undefined ? [] : [{ member, expected: { ...expected, [member]: value } }];
  });
}

/** Another value of the same kind; undefined when everything in it is free. */
function alter(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value}x`;
  if (value === null) return 'x';
  if (!isJsonObject(value)) return [...(value as readonly JsonValue[]), 'x'];
  for (const name of Object.keys(value).filter(member => !free.has(member))) {
    const other = alter(value[name] ?? null);
    if (other !== undefined) return { ...value, [name]: other };
  }
  return undefined;
}
