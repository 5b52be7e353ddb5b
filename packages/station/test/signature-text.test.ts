import { parsePackage } from '@dimp/core';
import type { JsonObject } from '@dimp/crypto';
import { formatReliableMessage } from '@dimp/dkd';
import { defaultProtocol } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import { searchablePackage, signatureTexts } from '../src/signature-text.js';

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

describe('a package that is kept', () => {
  const protocol = defaultProtocol();
  const signature = Buffer.from('own signature, ???>>>').toString('base64');
  const front = Buffer.from('???>>> of another').toString('base64');
  const letter: JsonObject = {
    sender: 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk',
    receiver: 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj',
    time: 1_700_000_000,
    data: 'AAAA',
    key: 'AAAA',
    signature,
  };
  const { signature: _, ...unsigned } = letter;
  const keep = (text: string): string =>
    Buffer.from(searchablePackage(parsePackage(bytes(text), protocol), bytes(text))).toString();
  const firstIn = (text: string): string | undefined => /"signature":"([^"]*)"/.exec(text)?.[1];

  it.each([
    ['its signature alone', JSON.stringify(letter)],
    ['another one behind it', JSON.stringify({ ...letter, visa: { signature: front } })],
    ['strokes before slashes', JSON.stringify(letter).replaceAll('/', '\\/')],
    ['blanks', JSON.stringify(letter, undefined, 1)],
  ])('stays as it came with %s', (_, text) => {
    expect(keep(text)).toBe(text);
  });

  it.each([
    ['in an object', { visa: { signature: front } }],
    ['in the meta', { meta: { version: 1, signature: front } }],
    ['in one whose name is a number', { 7: { signature: front } }],
    ['as a word', { x: 'signature' }],
  ])('has its signature first when another one stood in front, %s', (_, members) => {
    const kept = keep(JSON.stringify({ ...members, ...letter }));
    expect(firstIn(kept)).toBe(signature);
    expect(JSON.parse(kept)).toEqual({ ...members, ...letter });
    expect(keep(kept)).toBe(kept);
  });

  it.each([
    ['in front and with strokes', `{"visa":${JSON.stringify({ signature: front }).replaceAll('/', '\\/')},`],
    ['twice', `{"signature":"${front}",`],
    ['under a name that is no letter', '{"x":{"signature":"AAAA"},'],
  ])('has its signature first when it is hidden, %s', (_, start) => {
    const end = JSON.stringify(letter).slice(1).replace('"signature"', '"signatur\\u0065"');
    const kept = keep(start + end);
    expect(firstIn(kept)).toBe(signature);
    expect(formatReliableMessage(parsePackage(kept, protocol))).toMatchObject(unsigned);
  });

  it('has the time first too, for who acknowledges both', () => {
    const kept = keep(JSON.stringify({ visa: { time: 1, signature: front }, ...letter }));
    expect(kept.startsWith(`{"time":1700000000,"signature":"${signature}",`)).toBe(true);
  });
});
