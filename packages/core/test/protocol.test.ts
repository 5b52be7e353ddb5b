import { plain } from '@dimp/crypto/plain';
import type { ContentDefinition } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { createProtocol } from '../src/index.js';
import { protocol } from './kit.js';

describe('createProtocol', () => {
  it('takes lists and registries, and one’s own beside the defaults', () => {
    const own: ContentDefinition = { code: 0x91, parse: () => ({ kind: 'unknown' }), format: () => ({}) };
    const more = createProtocol({ ...protocol, contents: [...protocol.contents, own] });
    expect(more.contents.find(0x91)).toBe(own);
    expect(protocol.contents.find(0x91)).toBeUndefined();
  });

  it('refuses two definitions for one code', () => {
    const twice = [...protocol.commands, ...protocol.commands];
    expect(() => createProtocol({ ...protocol, commands: twice })).toThrow(
      'Two command definitions for "meta"',
    );
  });

  it('names the list that is missing', () => {
    const { contents: _, ...others } = protocol;
    for (const options of [undefined, {}, 'all']) {
      expect(() => createProtocol(options as never)).toThrow(TypeError);
      expect(() => createProtocol(options as never)).toThrow('asymmetric: expected a list of definitions');
    }
    expect(() => createProtocol(others as never)).toThrow('contents: expected a list of definitions');
    expect(() => createProtocol({ ...protocol, commands: {} as never })).toThrow(
      'commands: expected a list of definitions',
    );
  });

  it('remembers IDs', () => {
    const text = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
    expect(parseID(text, protocol)).toBe(parseID(text, protocol));
  });

  it('has no PLAIN among the algorithms of message keys', () => {
    expect(protocol.symmetric.find(plain.code)).toBeUndefined();
  });
});
