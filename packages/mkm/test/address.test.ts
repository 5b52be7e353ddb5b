import { describe, expect, it } from '@jest/globals';
import {
  type AddressFormat,
  anywhere,
  btcAddress,
  everywhere,
  formatSearchNumber,
  isBroadcastAddress,
  parseAddress,
} from '../src/index.js';
import { codeOf, context, id } from './kit.js';

const text = '4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';

describe('parseAddress', () => {
  it('asks the forms in turn and names them when none fits', () => {
    expect(() => parseAddress('nowhere', context, 'Envelope.sender')).toThrow(
      'Envelope.sender: expected name@address; the address is of no known form (broadcast or btc), or has a typo',
    );
    const everything: AddressFormat = { kind: 'any', parse: () => ({ ...anywhere, kind: 'any' }) };
    expect(parseAddress(text, { addresses: [everything, btcAddress] }).kind).toBe('any');
    expect(parseAddress(text, { addresses: [btcAddress, everything] }).kind).toBe('btc');
  });

  it('does no work on long texts', () => {
    // decoding base58 takes the square of the length: this would not end
    expect(codeOf(() => parseAddress('z'.repeat(10_000_000), context))).toBe('ERR_PARSE');
  });
});

describe('isBroadcastAddress', () => {
  it('is true for the two words only', () => {
    expect([anywhere, everywhere].map(isBroadcastAddress)).toEqual([true, true]);
    expect(isBroadcastAddress(id('hulk').address)).toBe(false);
  });
});

describe('formatSearchNumber', () => {
  it('groups ten digits, with leading zeros', () => {
    expect(formatSearchNumber(id('hulk').address)).toBe('195-183-9394');
    expect(formatSearchNumber(id('moki').address)).toBe('184-083-9527');
    expect(formatSearchNumber(anywhere)).toBe('000-000-9527');
  });
});
