import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { formatJson, type JsonObject, JsonReader, type JsonValue, parseJson } from '../src/index.js';

const names = ['a', 'type', '__proto__', 'constructor', 'toString', ''];
const anyJson = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const anyObject = fc
  .array(fc.tuple(fc.constantFrom(...names), anyJson))
  .map(members => Object.fromEntries(members) as JsonObject);

const methods = [
  'value',
  'optionalText',
  'text',
  'optionalNumber',
  'optionalInteger',
  'integer',
  'optionalBytes',
  'bytes',
  'optionalObject',
  'object',
  'optionalList',
] as const;

describe('parseJson', () => {
  test.prop([anyJson])('reads back what formatJson wrote', value => {
    expect(parseJson(formatJson(value, 'x'), 'x')).toEqual(JSON.parse(JSON.stringify(value)));
  });

  test.prop([fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array())])(
    'gives a value or a ParseError',
    source => {
      let outcome: { value: JsonValue } | { error: unknown };
      try {
        outcome = { value: parseJson(source, 'x') };
      } catch (error) {
        outcome = { error };
      }
      if ('error' in outcome) expect(outcome.error).toHaveProperty('code', 'ERR_PARSE');
      else
        expect(outcome.value).toEqual(
          JSON.parse(typeof source === 'string' ? source : new TextDecoder().decode(source)),
        );
    },
  );
});

describe('JsonReader', () => {
  test.prop([anyObject, fc.constantFrom(...names), fc.constantFrom(...methods)])(
    'gives a value or a ParseError that names the place',
    (json, name, method) => {
      const reader = new JsonReader(json, 'Thing');
      try {
        const value = reader[method](name);
        if (!method.startsWith('optional') && method !== 'value') expect(value).toBeDefined();
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_PARSE', path: `Thing.${name}` });
      }
    },
  );

  test.prop([fc.oneof(anyJson, fc.anything())])('takes objects only', value => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const read = (): JsonReader => new JsonReader(value, 'Thing');
    if (isObject) expect(read().path).toBe('Thing');
    else expect(read).toThrow(expect.objectContaining({ code: 'ERR_PARSE', path: 'Thing' }));
  });

  test.prop([anyObject, fc.subarray(names)])(
    'leaves over what was not read, and nothing else',
    (json, read) => {
      const reader = new JsonReader(json, 'Thing');
      for (const name of read) reader.value(name);
      const wanted = Object.keys(json).filter(name => !read.includes(name) || json[name] === null);
      expect(Object.keys(reader.extra()).sort()).toEqual(wanted.sort());
      for (const name of wanted) expect(Object.entries(reader.extra())).toContainEqual([name, json[name]]);
    },
  );
});
