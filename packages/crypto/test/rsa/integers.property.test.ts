import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import {
  bitLength,
  byteLength,
  bytesToInteger,
  commonFactor,
  integerToBytes,
  invert,
} from '../../src/rsa/integers.js';
import { power, powerPublic, prepareExponent } from '../../src/rsa/power.js';
import { bytes } from './kit.js';

const naturals = fc.bigInt({ min: 0n, max: 2n ** 600n });

describe('integers', () => {
  test.prop([fc.uint8Array({ maxLength: 80 })])('bytes come back', data => {
    expect(integerToBytes(bytesToInteger(data), data.length)).toEqual(data);
  });

  test.prop([naturals])('are read as hexadecimal text is', value => {
    const digits = value.toString(16);
    const data = bytes(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'));
    expect(bytesToInteger(data)).toBe(value);
  });

  test.prop([naturals])('have as many bits as their binary text', value => {
    expect(bitLength(value)).toBe(value === 0n ? 0 : value.toString(2).length);
    expect(byteLength(value)).toBe(Math.ceil(bitLength(value) / 8));
  });

  test.prop([naturals.filter(value => value > 1n), naturals.filter(value => value > 1n)])(
    'have an inverse exactly when there is no common factor',
    (value, modulus) => {
      const inverse = invert(value, modulus);
      if (commonFactor(value, modulus) === 1n) {
        expect(((inverse as bigint) * value) % modulus).toBe(1n);
      } else {
        expect(inverse).toBeUndefined();
      }
    },
  );

  it.each([
    [256n, 1],
    [2n ** 64n, 8],
    [2n ** 72n, 9],
    [1n, 0],
    [-1n, 8],
  ])('%s does not fit %i bytes', (value, length) => {
    expect(() => integerToBytes(value, length)).toThrow(RangeError);
  });
});

describe('power', () => {
  const moduli = naturals.filter(value => value > 1n);

  test.prop([naturals, fc.bigInt({ min: 1n, max: 5000n }), moduli])(
    'is repeated multiplication',
    (base, exponent, modulus) => {
      let expected = 1n;
      for (let i = 0n; i < exponent; i++) expected = (expected * base) % modulus;
      expect(power(base, prepareExponent(exponent), modulus)).toBe(expected);
      expect(powerPublic(base, exponent, modulus)).toBe(expected);
    },
  );

  test.prop([naturals, naturals.filter(value => value > 0n), moduli])(
    'is the same by windows and by bits',
    (base, exponent, modulus) => {
      expect(power(base, prepareExponent(exponent), modulus)).toBe(powerPublic(base, exponent, modulus));
    },
  );

  it.each([1n, 31n, 32n, 33n, 64n, 1023n, 1024n, 1025n, 2n ** 512n, 2n ** 512n - 1n])(
    'cuts %s into windows that are never zero',
    exponent => {
      const digits = [...prepareExponent(exponent)];
      expect(digits.every(digit => digit >= 1 && digit <= 32)).toBe(true);
      expect(digits.reduce((value, digit) => value * 32n + BigInt(digit), 0n)).toBe(exponent);
    },
  );

  it('takes no exponent of zero', () => {
    expect(() => prepareExponent(0n)).toThrow(RangeError);
  });
});
