import { limits } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import { anywhere, createID, type IdentityContext, parseID, withoutTerminal } from '../src/index.js';
import { codeOf, context, id } from './kit.js';

const moki = '4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';

describe('parseID', () => {
  it.each([
    [null, 'null'],
    [undefined, 'nothing'],
    [7, 'a number'],
    [{ text: 'x' }, 'an object'],
    [[moki], 'a list'],
  ])('refuses %p and says what it is', (value, kind) => {
    expect(() => parseID(value, context, 'Envelope.sender')).toThrow(
      `Envelope.sender: expected ID text, got ${kind}`,
    );
    expect(codeOf(() => parseID(value, context))).toBe('ERR_PARSE');
  });

  it('refuses what is too long, before it looks at it', () => {
    const name = 'n'.repeat(limits.idLength - moki.length - 1);
    expect(parseID(`${name}@${moki}`, context).name).toBe(name);
    expect(codeOf(() => parseID(`n${name}@${moki}`, context))).toBe('ERR_LIMIT');
  });

  it('says what is missing without context, known ID or not', () => {
    const parse = parseID as (text: string, context?: object) => unknown;
    for (const given of [undefined, {}]) {
      expect(() => parse(moki, given)).toThrow(TypeError);
      expect(() => parse(moki, given)).toThrow('{ addresses: defaultAddresses }');
    }
  });

  it('keeps blanks in a name, which may be any text, and takes none in an address', () => {
    expect(id(` bob@${moki}`)).toMatchObject({ name: ' bob', key: ` bob@${moki}` });
    expect(codeOf(() => id(`bob@ ${moki}`))).toBe('ERR_PARSE');
  });

  it('refuses an address whose search number is 0', () => {
    const zero: Pick<IdentityContext, 'addresses'> = {
      addresses: [{ kind: 'zero', parse: text => ({ kind: 'zero', text, network: 8, number: 0 }) }],
    };
    expect(codeOf(() => parseID('a@b', zero))).toBe('ERR_PARSE');
  });
});

describe('createID', () => {
  it.each(['a@b', 'a/b', '@', '/'])('refuses the name %p, which would be read as something else', name => {
    expect(() => createID({ name, address: anywhere })).toThrow(RangeError);
  });
});

describe('withoutTerminal', () => {
  it('gives the canonical text', () => {
    expect(withoutTerminal(id(`moki@${moki}/phone`))).toEqual(id(`moki@${moki}`));
    expect(withoutTerminal(id('anyone@ANYWHERE/x/y')).text).toBe('anyone@anywhere');
    expect(withoutTerminal(id(`@${moki}`)).text).toBe(moki);
  });

  it('gives the ID itself when there is nothing to take away', () => {
    const given = id('hulk');
    expect(withoutTerminal(given)).toBe(given);
  });
});
