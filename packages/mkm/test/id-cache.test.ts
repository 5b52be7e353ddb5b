import { describe, expect, it } from '@jest/globals';
import { type AddressFormat, IDCache, parseID } from '../src/index.js';

function counting(capacity?: number) {
  const asked: string[] = [];
  const format: AddressFormat = {
    kind: 'test',
    parse: given => {
      asked.push(given);
      return given.startsWith('x') ? undefined : { kind: 'test', text: given, network: 8, number: 1 };
    },
  };
  return { asked, context: { addresses: [format], knownIDs: new IDCache(capacity) } };
}

describe('IDs that were read before', () => {
  it('are read once and are the same value', () => {
    const { asked, context } = counting();
    const first = parseID('moki@a/phone', context);
    expect(parseID('moki@a/phone', context)).toBe(first);
    expect(parseID('moki@a', context)).not.toBe(first);
    expect(asked).toEqual(['a', 'a']);
  });

  it('do not include what is none', () => {
    const { asked, context } = counting();
    for (const _ of [1, 2])
      expect(() => parseID('x', context)).toThrow(expect.objectContaining({ code: 'ERR_PARSE' }));
    expect(asked).toEqual(['x', 'x']);
  });

  it('are forgotten when there are too many, the oldest first', () => {
    const { asked, context } = counting(2);
    for (const one of ['a', 'b', 'c', 'c', 'b', 'a']) parseID(one, context);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('are not needed', () => {
    const { asked, context } = counting();
    const { addresses } = context;
    for (const _ of [1, 2]) parseID('a', { addresses });
    expect(asked).toEqual(['a', 'a']);
  });
});
