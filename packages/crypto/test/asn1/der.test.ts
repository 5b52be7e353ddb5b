import { describe, expect, it } from '@jest/globals';
import { DerReader, derElement, Tag } from '../../src/asn1/der.js';
import { bytesToInteger } from '../../src/rsa/integers.js';
import { derInteger } from '../../src/rsa/key-der.js';
import { codeOf, fromHex } from '../rsa/kit.js';

describe('DER integers', () => {
  it.each([
    [0n, '020100'],
    [127n, '02017f'],
    [128n, '02020080'],
    [255n, '020200ff'],
    [256n, '02020100'],
    [65537n, '0203010001'],
    [2n ** 64n, '0209010000000000000000'],
  ])('%s is %s', (value, hex) => {
    expect(derInteger(value)).toEqual(fromHex(hex));
    expect(bytesToInteger(new DerReader(fromHex(hex)).integer())).toBe(value);
  });

  it.each([
    ['no bytes', '0200'],
    ['a negative number', '020180'],
    ['a needless zero', '0202007f'],
    ['a needless zero before zero', '02020000'],
    ['another tag', '040101'],
    ['a number cut short', '02020100'.slice(0, 6)],
    ['nothing', ''],
  ])('refuses %s', (_, hex) => {
    expect(codeOf(() => new DerReader(fromHex(hex)).integer())).toBe('ERR_KEY_FORMAT');
  });
});

describe('DER lengths', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535])('%i bytes come back', length => {
    const content = new Uint8Array(length).fill(7);
    const reader = new DerReader(derElement(Tag.octetString, content));
    expect(reader.read(Tag.octetString)).toEqual(content);
    expect(codeOf(() => reader.end())).toBeUndefined();
  });

  it.each([
    ['the indefinite form', '0480aa0000'],
    ['a long form for a short length', '048101aa'],
    ['a leading zero in the length', `04820080${'aa'.repeat(128)}`],
    ['three bytes of length', '0483000001aa'],
    ['the reserved form', '04ffaa'],
    ['a length that is cut short', '0482'],
    ['a length beyond the end', '0402aa'],
    ['no length', '04'],
  ])('refuses %s', (_, hex) => {
    expect(codeOf(() => new DerReader(fromHex(hex)).read(Tag.octetString))).toBe('ERR_KEY_FORMAT');
  });

  it('are not written beyond 65,535', () => {
    expect(() => derElement(Tag.octetString, new Uint8Array(65_536))).toThrow(RangeError);
  });
});

describe('DER elements', () => {
  it('refuse what is left over', () => {
    const reader = new DerReader(fromHex('02010102'));
    reader.integer();
    expect(codeOf(() => reader.end())).toBe('ERR_KEY_FORMAT');
  });

  it('refuse bit strings of broken bytes, and empty ones', () => {
    expect(new DerReader(fromHex('030200aa')).bitString()).toEqual(fromHex('aa'));
    expect(codeOf(() => new DerReader(fromHex('030204a0')).bitString())).toBe('ERR_KEY_FORMAT');
    expect(codeOf(() => new DerReader(fromHex('0300')).bitString())).toBe('ERR_KEY_FORMAT');
  });

  it('refuse a null with content and another identifier', () => {
    expect(codeOf(() => new DerReader(fromHex('0500')).null())).toBeUndefined();
    expect(codeOf(() => new DerReader(fromHex('050100')).null())).toBe('ERR_KEY_FORMAT');
    const reader = new DerReader(fromHex('06022a03'));
    expect(codeOf(() => reader.objectIdentifier(fromHex('2a04'), 'x'))).toBe('ERR_KEY_FORMAT');
  });
});
