import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { btcAddress, createBtcAddress } from '../src/index.js';

describe('createBtcAddress', () => {
  test.prop([fc.uint8Array(), fc.nat(255)])('is read again as it was made', (fingerprint, network) => {
    const address = createBtcAddress(fingerprint, network);
    expect(btcAddress.parse(address.text)).toEqual(address);
    expect(address.network).toBe(network);
  });
});

describe('btcAddress', () => {
  test.prop([fc.string({ unit: 'binary', maxLength: 40 })])('gives nothing for any other text', text => {
    expect(btcAddress.parse(text)).toBeUndefined();
  });
});
