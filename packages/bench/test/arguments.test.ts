import { describe, expect, it } from '@jest/globals';
import { ArgumentsError, helpText, parseArguments } from '../src/arguments.js';
import { suites } from '../src/suites.js';

describe('parseArguments', () => {
  it('measures everything when it is told nothing', () => {
    expect(parseArguments([])).toEqual({
      json: false,
      help: false,
      check: false,
      names: [],
      sides: ['native', 'portable'],
      accounts: ['RSA-1024', 'RSA-2048', 'ECC+RSA-2048'],
      sizes: [100, 10_000],
      groups: [1, 10, 100, 1000],
      rounds: 51,
    });
  });

  it('reads names, switches and lists', () => {
    const args = [
      'pack',
      '--json',
      'group',
      '--check',
      '--crypto',
      'native',
      '--groups',
      '2,3',
      '--rounds=7',
    ];
    expect(parseArguments(args)).toMatchObject({
      json: true,
      check: true,
      names: ['pack', 'group'],
      sides: ['native'],
      groups: [2, 3],
      rounds: 7,
    });
  });

  it.each([
    [['nothing'], /NAME: expected pack, .*got "nothing"/],
    [['--crypto', 'web'], /--crypto: expected native, portable; got "web"/],
    [['--accounts', 'RSA-512'], /--accounts: /],
    [['--rounds', '0'], /--rounds: expected whole numbers from 1/],
    [['--sizes', '1e3'], /--sizes: /],
    [['--sizes', '100,20,0100'], /--sizes: expected each once; got "100" twice/],
    [['--groups', '5,5'], /--groups: expected each once; got "5" twice/],
    [['--crypto', 'native,native'], /--crypto: expected each once; got "native" twice/],
    [['--fast'], /'--fast'/],
  ])('refuses %j and says where help is', (args, message) => {
    expect(() => parseArguments(args)).toThrow(ArgumentsError);
    expect(() => parseArguments(args)).toThrow(message);
    expect(() => parseArguments(args)).toThrow('pnpm bench --help');
  });

  it('explains every suite in its help', () => {
    for (const { name, about } of suites) {
      expect(helpText).toContain(name);
      expect(helpText).toContain(about);
    }
    expect(new Set(suites.map(({ name }) => name)).size).toBe(suites.length);
  });
});
