import { describe, expect, it } from '@jest/globals';
import { signatureTexts } from '../src/signature-text.js';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe('the signature of a package', () => {
  it('is found where it stands once', () => {
    expect(signatureTexts(bytes('{"data":"x","signature":"AbC+/=="}'))).toEqual(['AbC+/==']);
    expect(signatureTexts(bytes('{ "signature" :\n "AbC" , "data" : "x"}'))).toEqual(['AbC']);
  });

  it('is not found within a text', () => {
    const data = JSON.stringify({ data: JSON.stringify({ signature: 'inner' }), signature: 'outer' });
    expect(signatureTexts(bytes(data))).toEqual(['outer']);
  });

  it('goes with the one in front, which some clients take', () => {
    const data = JSON.stringify({ visa: { data: 'x', signature: 'inner' }, signature: 'outer' });
    expect(signatureTexts(bytes(data))).toEqual(['outer', 'inner']);
    const behind = JSON.stringify({ signature: 'outer', visa: { data: 'x', signature: 'inner' } });
    expect(signatureTexts(bytes(behind))).toEqual(['outer']);
  });

  it('is read as JSON where it has escapes', () => {
    expect(signatureTexts(bytes('{"signature":"A\\/B"}'))).toEqual(['A/B']);
  });

  it('is told without the blanks that base64 may have', () => {
    expect(signatureTexts(bytes('{"signature":"AB\\n CD="}'))).toEqual(['ABCD=']);
    expect(signatureTexts(bytes('{"signature":"AB CD="}'))).toEqual(['ABCD=']);
  });

  it('is not there in what has none', () => {
    expect(signatureTexts(bytes('{"data":"x"}'))).toEqual([]);
    expect(signatureTexts(bytes('{"signature":7}'))).toEqual([]);
  });
});
