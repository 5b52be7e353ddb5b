import { describe, expect, it } from '@jest/globals';
import { type JsonObject, JsonReader, parseJsonObject } from '../src/index.js';

function reader(json: JsonObject): JsonReader {
  return new JsonReader(json, 'Message');
}

describe('a member', () => {
  it('that is null counts as absent', () => {
    const json = reader({ a: null });
    expect(json.optionalText('a')).toBeUndefined();
    expect(json.optionalNumber('a')).toBeUndefined();
    expect(json.optionalBytes('a')).toBeUndefined();
    expect(json.optionalObject('a')).toBeUndefined();
    expect(json.optionalList('a')).toBeUndefined();
    expect(json.has('a')).toBe(true);
    expect(json.has('b')).toBe(false);
    expect(() => json.text('a')).toThrow(
      expect.objectContaining({ code: 'ERR_PARSE', message: 'Message.a: expected text, got nothing' }),
    );
  });

  it.each([
    ['text', 1, 'expected text, got a number'],
    ['integer', 'one', 'expected a number, got a string'],
    ['integer', 2 ** 53, 'expected a whole number, got a number'],
    ['bytes', [], 'expected text, got a list'],
    ['bytes', '*', 'expected base64 text with padding'],
    ['object', [], 'expected an object, got a list'],
    ['optionalList', {}, 'expected a list, got an object'],
  ] as const)('of another kind is named: %s of %j', (method, value, problem) => {
    expect(() => reader({ a: value })[method]('a')).toThrow(
      expect.objectContaining({ code: 'ERR_PARSE', path: 'Message.a', message: `Message.a: ${problem}` }),
    );
  });

  it.each([
    ['1', 1],
    ['-2.9', -2],
    [1.9, 1],
    [-0.5, 0],
    ['0012', 12],
  ])('%j is read as the whole number %i', (value, number) => {
    expect(reader({ a: value }).integer('a')).toBe(number);
  });

  it.each(['', ' 1', '1 ', '1e3', '0x10', '1.', '.5', 'Infinity', '١', '9'.repeat(21), true, [1]])(
    '%j is no number',
    value => {
      expect(() => reader({ a: value }).optionalNumber('a')).toThrow(
        expect.objectContaining({ code: 'ERR_PARSE' }),
      );
    },
  );

  it('of the prototype is not there', () => {
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      expect(reader({}).value(name)).toBeUndefined();
    }
  });
});

describe('extra', () => {
  it('keeps __proto__ as a member and changes no prototype', () => {
    const json = reader(parseJsonObject('{"a":1,"__proto__":{"admin":true}}', 'Message'));
    json.value('a');
    const extra = json.extra();
    expect(Object.keys(extra)).toEqual(['__proto__']);
    expect(extra['admin']).toBeUndefined();
    expect(Object.getPrototypeOf(extra)).toBe(Object.prototype);
    expect(JSON.stringify(extra)).toBe('{"__proto__":{"admin":true}}');
  });

  it('is empty and frozen when all was read', () => {
    const json = reader({ a: 1 });
    json.value('a');
    expect(json.extra()).toEqual({});
    expect(Object.isFrozen(json.extra())).toBe(true);
  });
});
