import { describe, expect, it } from '@jest/globals';
import { median, medianRatio, quantile, slope } from '../src/statistics.js';

describe('quantile', () => {
  it('takes the value in the middle, wherever it stands', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  it('goes between two values in proportion', () => {
    expect(median([1, 2, 10, 4])).toBe(3);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  it('gives the ends', () => {
    expect(quantile([3, 1, 2], 0)).toBe(1);
    expect(quantile([3, 1, 2], 1)).toBe(3);
  });

  it('leaves its input alone', () => {
    const values = Object.freeze([3, 1, 2]);
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses no values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('medianRatio', () => {
  it('compares what was taken side by side, so that a slow spell does not count', () => {
    expect(medianRatio([10, 11, 1000], [10, 10, 1000])).toBe(1);
    expect(medianRatio([2, 20, 200], [1, 10, 100])).toBe(2);
  });

  it('refuses what does not come in pairs', () => {
    expect(() => medianRatio([1, 2], [1])).toThrow(RangeError);
    expect(() => medianRatio([], [])).toThrow(RangeError);
  });
});

describe('slope', () => {
  it('finds the growth of a straight line', () => {
    expect(
      slope([
        [1, 105],
        [10, 150],
        [100, 600],
      ]),
    ).toBeCloseTo(5);
  });

  it('goes through the middle of what does not lie on one', () => {
    expect(
      slope([
        [0, 1],
        [0, -1],
        [2, 5],
        [2, 3],
      ]),
    ).toBeCloseTo(2);
  });

  it('refuses points above one another', () => {
    expect(() =>
      slope([
        [1, 1],
        [1, 2],
      ]),
    ).toThrow(RangeError);
    expect(() => slope([])).toThrow(RangeError);
  });
});
