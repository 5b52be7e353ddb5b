import { describe, expect, it } from '@jest/globals';
import { entityKind, type Generation, isGroupNetwork, isUserNetwork, NetworkType } from '../src/index.js';

const numbers = Array.from({ length: 256 }, (_, number) => number);

describe('generation 1', () => {
  it('tells users by bit 8 or by 0, groups by bit 0x10', () => {
    expect(numbers.filter(number => isUserNetwork(number))).toEqual(
      numbers.filter(number => number === 0 || (number & 8) === 8),
    );
    expect(numbers.filter(number => isGroupNetwork(number))).toEqual(
      numbers.filter(number => (number & 0x10) === 0x10),
    );
  });

  it.each([
    ['btcMain', 'user'],
    ['main', 'user'],
    ['group', 'polylogue'],
    ['chatroom', 'chatroom'],
    ['provider', 'provider'],
    ['thing', 'unsupported'],
    ['station', 'station'],
    ['robot', 'robot'],
  ] as const)('makes of %s: %s', (name, kind) => {
    expect(entityKind(NetworkType[name])).toBe(kind);
  });

  it('makes nothing of any other number', () => {
    const known = Object.values(NetworkType) as readonly number[];
    const others = numbers.filter(number => !known.includes(number));
    expect(others.map(number => entityKind(number))).toEqual(others.map(() => 'unsupported'));
    expect(entityKind(0x18)).toBe('unsupported');
  });
});

describe('generation 2', () => {
  const two: Generation = 2;

  it('reads the numbers of generation 1 as its own', () => {
    const kinds = [0x08, 0x10, 0x76, 0x88, 0xc8].map(number => entityKind(number, two));
    expect(kinds).toEqual(['user', 'polylogue', 'provider', 'station', 'robot']);
    expect(kinds).toEqual([0, 1, 3, 2, 4].map(number => entityKind(number, two)));
  });

  it('tells groups by bit 1, after the translation', () => {
    expect([0, 2, 4, 0x08, 0x88, 0xc8].map(number => isUserNetwork(number, two))).not.toContain(false);
    expect([1, 3, 0x10, 0x30, 0x76].map(number => isGroupNetwork(number, two))).not.toContain(false);
    expect(numbers.filter(number => isUserNetwork(number, two) === isGroupNetwork(number, two))).toEqual([]);
  });
});
