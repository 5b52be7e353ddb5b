import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { decodePemBlock, findPemBlocks, formatPemBlock, type PemBlock } from '../../src/asn1/pem.js';
import { limits } from '../../src/limits.js';
import { bytes, codeOf } from '../rsa/kit.js';

function only(text: string): PemBlock {
  const [block, ...more] = findPemBlocks(text);
  if (block === undefined || more.length > 0) throw new Error('expected one block');
  return block;
}

const abc = bytes(Buffer.from('abcdef'));

describe('PEM', () => {
  test.prop([fc.uint8Array({ minLength: 1, maxLength: 400 })])('comes back', data => {
    const text = formatPemBlock('PUBLIC KEY', data);
    expect(only(text).label).toBe('PUBLIC KEY');
    expect(decodePemBlock(only(text))).toEqual(data);
  });

  it('is written in lines of 64 letters without a last line end', () => {
    const text = formatPemBlock('X', new Uint8Array(97));
    expect(text).toBe(`-----BEGIN X-----\n${'A'.repeat(64)}\n${'A'.repeat(64)}\nAA==\n-----END X-----`);
  });

  it.each([
    ['one line', '-----BEGIN X-----YWJjZGVm-----END X-----'],
    ['CRLF', '-----BEGIN X-----\r\nYWJj\r\nZGVm\r\n-----END X-----\r\n'],
    ['blanks at line starts', '  -----BEGIN X-----\n  YWJj\n\t ZGVm\n  -----END X-----\n'],
    ['text around', 'mine:\n-----BEGIN X-----\nYWJjZGVm\n-----END X-----\n(keep it)'],
  ])('is read with %s', (_, text) => {
    expect(decodePemBlock(only(text))).toEqual(abc);
  });

  it('gives several blocks in order', () => {
    const text = [formatPemBlock('A', abc), formatPemBlock('B C', abc), formatPemBlock('A', abc)].join('\n');
    expect(findPemBlocks(text).map(({ label }) => label)).toEqual(['A', 'B C', 'A']);
  });

  it.each([
    '',
    'YWJjZGVm',
    '-----BEGIN X-----\nYWJjZGVm',
    '-----BEGIN X-----\nYWJjZGVm\n-----END Y-----',
    '----BEGIN X----\nYWJjZGVm\n----END X----',
    '-----BEGIN X-----'.repeat(500),
  ])('finds no block in %.40j', text => {
    expect(findPemBlocks(text)).toEqual([]);
  });

  it.each([
    ['headers', 'Proc-Type: 4,ENCRYPTED\n\nYWJjZGVm'],
    ['a foreign letter', 'YWJj*GVm'],
    ['missing padding', 'YWJjZG'],
  ])('refuses %s without quoting it', (_, body) => {
    const read = () => decodePemBlock({ label: 'PRIVATE KEY', body });
    expect(codeOf(read)).toBe('ERR_KEY_FORMAT');
    expect(read).not.toThrow(body.slice(0, 5));
  });

  it('looks at no text longer than a key', () => {
    expect(findPemBlocks(' '.repeat(limits.keyText))).toEqual([]);
    expect(codeOf(() => findPemBlocks(' '.repeat(limits.keyText + 1)))).toBe('ERR_LIMIT');
  });
});
