import { describe, expect, it } from '@jest/globals';
import {
  checkJson,
  describeJson,
  formatJson,
  isJsonObject,
  type JsonValue,
  limits,
  parseJson,
  parseJsonObject,
} from '../src/index.js';
import { vectors } from './vectors.js';

const limit = expect.objectContaining({ code: 'ERR_LIMIT', path: 'Package' });
const parse = expect.objectContaining({ code: 'ERR_PARSE', path: 'Package' });

describe('parseJson', () => {
  const cases = vectors<{ kind: string; object: JsonValue; text: string }>('v2/encodings');
  it.each(cases.filter(({ kind }) => kind === 'json'))('vector: $text', ({ object, text }) => {
    expect(parseJson(text, 'Package')).toEqual(object);
    expect(parseJson(new TextEncoder().encode(text), 'Package')).toEqual(object);
  });

  it.each(['', '{', '{"a":1,}', 'NaN', 'Infinity', "{'a':1}", '[1]x', '\ufeff{}', 'undefined'])(
    'refuses %j',
    text => {
      expect(() => parseJson(text, 'Package')).toThrow(parse);
    },
  );

  it('does not quote the text, which may have been secret', () => {
    let caught: unknown;
    try {
      parseJson('{"text":"top secret"', 'Package');
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'ERR_PARSE', message: 'Package: expected JSON text' });
    expect(caught).not.toHaveProperty('cause');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 'Package')).toThrow(parse);
  });

  it.each(['"\\ud800"', '"\\udc00"', '"\\udc00\\ud800"', '["a",{"b":"x\\ud83d"}]', '{"\\ud83d":1}'])(
    'refuses half of a surrogate pair: %s',
    text => {
      expect(() => parseJson(text, 'Package')).toThrow(parse);
    },
  );

  it('reads whole surrogate pairs, escaped or not', () => {
    expect(parseJson('["\\ud83d\\ude00","😀"]', 'Package')).toEqual(['😀', '😀']);
  });

  it('refuses 100,000 levels without running out of stack', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => parseJson(deep, 'Package')).toThrow(limit);
    expect(() => parseJson(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'Package')).toThrow(limit);
  });

  it('takes as many levels as the limit says and not one more', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(parseJson(nested(limits.jsonDepth), 'Package')).toBeInstanceOf(Array);
    expect(() => parseJson(nested(limits.jsonDepth + 2), 'Package')).toThrow(limit);
  });

  it('refuses too many values, in a list, in an object and spread over levels', () => {
    const many = limits.jsonValues;
    expect(parseJson(`[${'0,'.repeat(many - 2)}0]`, 'Package')).toHaveLength(many - 1);
    expect(() => parseJson(`[${'0,'.repeat(many)}0]`, 'Package')).toThrow(limit);
    const members = Array.from({ length: many }, (_, i) => `"${i}":0`);
    expect(() => parseJson(`{${members.join()}}`, 'Package')).toThrow(limit);
    expect(() => parseJson(`[${'[0],'.repeat(many / 2)}0]`, 'Package')).toThrow(limit);
  });

  it('refuses too many bytes before it reads them', () => {
    expect(() => parseJson(new Uint8Array(limits.packageBytes + 1), 'Package')).toThrow(limit);
    expect(() => parseJson(' '.repeat(limits.packageBytes + 1), 'Package')).toThrow(limit);
  });

  it('counts the letters of what will be kept, in names and values, and its levels', () => {
    const check = (text: string) => () => checkJson(JSON.parse(text), 'Package', 28);
    expect(check('{"name":"1234","":[null,1]}')).not.toThrow();
    expect(check('{"name":"123456789012345678"}')).toThrow(limit);
    expect(check(`{"${'n'.repeat(25)}":""}`)).toThrow(limit);
    expect(check('[1,2,3,4,5,6,7]')).toThrow(limit);
    expect(check(`${'[{"":'.repeat(50_000)}0${'}]'.repeat(50_000)}`)).toThrow(limit);
    expect(check('{"a":"\\ud800"}')).toThrow(expect.objectContaining({ code: 'ERR_PARSE' }));
    expect(check('{"\\ud800":"a"}')).toThrow(expect.objectContaining({ code: 'ERR_PARSE' }));
  });

  it('takes __proto__ as a member like any other', () => {
    const value = parseJsonObject('{"__proto__":{"polluted":true},"constructor":1}', 'Package');
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(value['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf({})).not.toHaveProperty('polluted');
  });

  it('lets the last of two equal members count', () => {
    expect(parseJson('{"a":1,"a":2}', 'Package')).toEqual({ a: 2 });
  });
});

describe('parseJsonObject', () => {
  it.each([
    ['[]', 'a list'],
    ['null', 'null'],
    ['"a"', 'a string'],
    ['1', 'a number'],
    ['true', 'a boolean'],
  ])('refuses %s as %s', (text, kind) => {
    expect(() => parseJsonObject(text, 'Package')).toThrow(
      expect.objectContaining({ code: 'ERR_PARSE', message: `Package: expected an object, got ${kind}` }),
    );
  });
});

describe('formatJson', () => {
  it('writes compact JSON and keeps characters as they are', () => {
    expect(formatJson({ a: [1, null, '世界'], b: { c: true } }, 'Package')).toBe(
      '{"a":[1,null,"世界"],"b":{"c":true}}',
    );
  });

  it.each<[string, JsonValue]>([
    ['value', { text: 'a\ud800' }],
    ['name', { '\udfff': 1 }],
    ['pair in reverse', ['\ude00\ud83d']],
  ])('refuses half of a surrogate pair in a %s', (_, value) => {
    expect(() => formatJson(value, 'Package')).toThrow(parse);
  });

  it('is not misled by a backslash that is text', () => {
    expect(parseJson(formatJson({ text: '\\ud800' }, 'Package'), 'Package')).toEqual({ text: '\\ud800' });
  });
});

describe('isJsonObject, describeJson', () => {
  it('tell kinds apart', () => {
    const values = [undefined, null, [], {}, 'a', 1, false];
    expect(values.map(isJsonObject)).toEqual([false, false, false, true, false, false, false]);
    expect(values.map(describeJson)).toEqual([
      'nothing',
      'null',
      'a list',
      'an object',
      'a string',
      'a number',
      'a boolean',
    ]);
  });
});
