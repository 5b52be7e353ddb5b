import { describe, expect, it } from '@jest/globals';
import { compareResult, findDifference, refused } from '../../src/vectors/compare.js';

describe('findDifference', () => {
  it('does not mind the order of members', () => {
    expect(findDifference({ a: 1, b: { c: [1, null] } }, { b: { c: [1, null] }, a: 1 }, 'x')).toBeUndefined();
  });

  it.each([
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, { path: 'x.a[1].b', expected: 3, actual: 2 }],
    [{ a: 1 }, { a: '1' }, { path: 'x.a', expected: '1', actual: 1 }],
    [{ a: 1 }, {}, { path: 'x.a', expected: null, actual: 1 }],
    [{}, { a: null }, { path: 'x.a', expected: null, actual: null }],
    [[1, 2], [1], { path: 'x', expected: [1], actual: [1, 2] }],
    [[], {}, { path: 'x', expected: {}, actual: [] }],
    [null, false, { path: 'x', expected: false, actual: null }],
  ])('%j is not %j', (actual, expected, difference) => {
    expect(findDifference(actual, expected, 'x')).toEqual(difference);
  });

  it('takes __proto__ for a member like any other', () => {
    const [actual, expected] = [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}')];
    expect(findDifference(actual, expected, 'x')?.path).toBe('x.__proto__');
  });
});

describe('compareResult', () => {
  it('compares the members that the case names', () => {
    expect(compareResult({ a: 1, b: 2 }, { a: 1 })).toBeUndefined();
    expect(compareResult({ a: 1 }, { a: 1, b: 2 })).toEqual({ path: 'b', expected: 2, actual: null });
  });

  it('takes a member that is absent for null', () => {
    expect(compareResult({}, { a: null })).toBeUndefined();
  });

  it('is satisfied by any way of saying no', () => {
    const expected = { refused: true, why: 'because' };
    for (const actual of [refused, { valid: false }, { match: false }]) {
      expect(compareResult(actual, expected)).toBeUndefined();
    }
    expect(compareResult({ valid: true }, expected)?.path).toBe('out');
    expect(compareResult({ text: '' }, expected)?.path).toBe('out');
  });

  it('takes a refusal for a verdict of no, and for nothing else', () => {
    expect(compareResult(refused, { valid: false })).toBeUndefined();
    expect(compareResult(refused, { valid: true })?.path).toBe('out');
    expect(compareResult(refused, { data: '' })?.path).toBe('out');
  });

  it('compares what else is said of a refusal', () => {
    expect(compareResult({ ...refused, after: 1 }, { refused: true, after: 2 })?.path).toBe('after');
  });
});
