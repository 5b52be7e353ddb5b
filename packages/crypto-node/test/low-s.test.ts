import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { lowerS } from '../src/low-s.js';
import { bytes, fromHex } from './kit.js';

const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
const half = '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0';

/** A signature of r = 1 and this s. */
function signature(s: string): Uint8Array {
  const digits = Number.parseInt(s.slice(0, 2), 16) < 0x80 ? s : `00${s}`;
  const body = `02010102${(digits.length / 2).toString(16).padStart(2, '0')}${digits}`;
  return fromHex(`30${(body.length / 2).toString(16).padStart(2, '0')}${body}`);
}

function less(n: bigint): string {
  return (BigInt(`0x${order}`) - n).toString(16);
}

describe('the smaller s', () => {
  it.each([
    ['1', '01', '01'],
    ['half of the order', half, half],
    ['one more', (BigInt(`0x${half}`) + 1n).toString(16), half],
    ['order less 1', less(1n), '01'],
    ['order less 128', less(128n), '80'],
    ['order less 65535', less(65535n), 'ffff'],
    ['order less 256', less(256n), '0100'],
  ])('of %s', (_, s, expected) => {
    expect(bytes(lowerS(signature(s)))).toEqual(signature(expected));
  });

  it('makes of what the platform signs another good signature, and only where s was large', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    let changed = 0;
    for (let i = 0; i < 64; i++) {
      const data = Uint8Array.of(i);
      const made = bytes(sign('sha256', data, privateKey));
      const lowered = lowerS(made);
      expect(verify('sha256', data, publicKey, lowered)).toBe(true);
      expect(lowerS(lowered)).toBe(lowered);
      if (lowered !== made) changed++;
    }
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(64);
  });
});
