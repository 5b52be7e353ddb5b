import { concatBytes } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { decodeBase58, encodeBase58 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import { btcAddress, createBtcAddress } from '../src/index.js';
import { flip } from './kit.js';

describe('createBtcAddress', () => {
  it.each([-1, 256, 1.5, Number.NaN])('refuses network %p', network => {
    expect(() => createBtcAddress(new Uint8Array(3), network)).toThrow(RangeError);
  });
});

describe('btcAddress', () => {
  const address = createBtcAddress(Uint8Array.of(1, 2, 3), 8);
  const data = decodeBase58(address.text);

  it('refuses every flipped bit', () => {
    const flipped = Array.from({ length: data.length * 8 }, (_, bit) => encodeBase58(flip(data, bit)));
    expect(flipped.filter(text => btcAddress.parse(text) !== undefined)).toEqual([]);
  });

  it('refuses every other length, with a good check too', () => {
    for (const length of [20, 22]) {
      const head = Uint8Array.from({ length }, (_, i) => data[i] ?? 7);
      const other = concatBytes(head, sha256(sha256(head)).subarray(0, 4));
      expect(btcAddress.parse(encodeBase58(other))).toBeUndefined();
    }
    expect(btcAddress.parse(`1${address.text}`)).toBeUndefined();
  });
});
