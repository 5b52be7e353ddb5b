import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { AckedNumbers } from '../src/acked-numbers.js';

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), number: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('raise' as const), number: fc.integer({ min: 0, max: 40 }) }),
);

describe('acknowledged numbers', () => {
  test.prop([fc.integer({ min: 0, max: 10 }), fc.array(step, { maxLength: 60 })])(
    'are a set, with a floor as high as can be and runs that do not touch',
    (floor, steps) => {
      const acked = new AckedNumbers(floor);
      const model = new Set(Array.from({ length: floor }, (_, index) => index + 1));
      for (const { kind, number } of steps) {
        if (kind === 'add') {
          acked.add(number);
          model.add(number);
        } else {
          acked.raise(number);
          for (let below = 1; below <= number; below++) model.add(below);
        }
      }
      for (let number = 1; number <= 42; number++) expect(acked.has(number)).toBe(model.has(number));
      expect(acked.has(acked.floor + 1)).toBe(false);
      const bounds = [acked.floor, ...acked.runs];
      for (let index = 1; index < bounds.length; index++) {
        const gap = (bounds[index] as number) - (bounds[index - 1] as number);
        expect(gap).toBeGreaterThanOrEqual(index % 2 === 1 ? 2 : 0);
      }
      const again = new AckedNumbers(acked.floor, acked.runs);
      for (let number = 1; number <= 42; number++) expect(again.has(number)).toBe(model.has(number));
    },
  );
});
