import { describe, expect, it } from '@jest/globals';
import { createRegistry, type Definition } from '../src/index.js';

const one: Definition = { code: 1, aliases: ['one'] };
const text: Definition = { code: 'text' };
const registry = createRegistry('thing', [one, text]);

describe('a registry', () => {
  it('finds by code and alias, by exact letters', () => {
    expect(registry.find(1)).toBe(one);
    expect(registry.find('one')).toBe(one);
    expect(registry.get('text')).toBe(text);
    for (const code of ['1', 'Text', 'ONE', '', 'toString', '__proto__', 2]) {
      expect(registry.find(code)).toBeUndefined();
    }
  });

  it('shows the beginning only of what it does not know, which may be long and secret', () => {
    const error = { code: 'ERR_UNSUPPORTED', message: expect.stringMatching(/^.{1,200}$/) };
    expect(() => registry.get('x'.repeat(100_000))).toThrow(expect.objectContaining(error));
  });

  it('tells what it knows when it does not know', () => {
    const error = {
      code: 'ERR_UNSUPPORTED',
      what: 'thing',
      value: 'DES',
      message: 'No thing for "DES"; known are 1, "text".',
    };
    expect(() => registry.get('DES')).toThrow(expect.objectContaining(error));
    expect(() => createRegistry('thing', []).get(1)).toThrow('No thing for 1; known are none.');
  });

  it('refuses two definitions for one code or alias', () => {
    const usage = expect.objectContaining({ code: 'ERR_USAGE' });
    expect(() => registry.with({ code: 'text' })).toThrow(usage);
    expect(() => registry.with({ code: 'one' })).toThrow(usage);
    expect(() => registry.with({ code: 3, aliases: [1] })).toThrow(usage);
    expect(() => createRegistry('thing', [one, one])).toThrow(usage);
  });

  it('makes a new one for every change and stays as it is', () => {
    const more: Definition = { code: 'more' };
    const newer: Definition = { code: 1, aliases: ['uno'] };
    const changed = registry.with(more).replace(newer);
    expect([...changed]).toEqual([newer, text, more]);
    expect(changed.find('one')).toBeUndefined();
    expect(changed.find('uno')).toBe(newer);
    expect([...registry]).toEqual([one, text]);
    expect(() => registry.replace(more)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });

  it('does not change with the list it was made of', () => {
    const list = [one];
    const made = createRegistry('thing', list);
    list.push(text);
    expect([...made]).toEqual([one]);
  });
});
