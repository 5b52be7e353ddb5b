import { plain } from '@dimp/crypto/plain';
import type { ContentDefinition } from '@dimp/dkd';
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

  it('remembers addresses', () => {
    const text = '4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
    const [first, second] = [1, 2].map(() => protocol.addresses.map(format => format.parse(text)));
    expect(first?.[1]).toBeDefined();
    expect(second?.[1]).toBe(first?.[1]);
  });

  it('has no PLAIN among the algorithms of message keys', () => {
    expect(protocol.symmetric.find(plain.code)).toBeUndefined();
  });
});
