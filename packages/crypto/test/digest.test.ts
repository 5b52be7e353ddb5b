import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keccak256, md5, ripemd160, sha1, sha256 } from '../src/digest/index.js';
import { digest as portableSha256 } from '../src/digest/sha256-portable.js';
import { bytes, vectors } from './vectors.js';

const digests: Record<string, (data: Uint8Array) => Uint8Array> = { sha256, sha1, md5, ripemd160, keccak256 };

interface DigestCase {
  readonly name: string;
  readonly data: string;
  readonly expected: Record<string, string>;
}

const cases: DigestCase[] = [
  ...vectors<{ name: string; op: string; in: { data: string }; out: Record<string, string> }>('v1/digests')
    .filter(({ op }) => op === 'digests')
    .map(({ name, in: { data }, out }) => ({ name: `v1 ${name}`, data, expected: out })),
  ...vectors<Record<string, string> & { name: string; data: string }>('v2/digests').map(vector => ({
    name: `v2 ${vector.name}`,
    data: vector.data,
    expected: vector,
  })),
];

describe('digests', () => {
  it('has vectors for each', () => {
    const known = new Set(cases.flatMap(({ expected }) => Object.keys(expected)));
    expect(Object.keys(digests).filter(name => !known.has(name))).toEqual([]);
  });

  it.each(cases)('$name', ({ data, expected }) => {
    for (const [name, digest] of Object.entries(digests)) {
      if (expected[name] !== undefined) {
        expect(Buffer.from(digest(bytes(data))).toString('hex')).toBe(expected[name]);
      }
    }
  });

  it.each(['sha256', 'sha1', 'md5', 'ripemd160'])('%s agrees with Node over a megabyte', name => {
    const data = new Uint8Array(1_000_001).map((_, i) => i * 7);
    const digest = digests[name] as (data: Uint8Array) => Uint8Array;
    expect(Buffer.from(digest(data)).toString('hex')).toBe(createHash(name).update(data).digest('hex'));
  });

  it.each([
    ['of the platform', sha256],
    ['in portable code', portableSha256],
  ])('SHA-256 %s takes a text for its UTF-8', (_, digest) => {
    for (const text of ['', 'Moky', 'M\u00f6ky \u2764 \ud83d\ude00', 'x'.repeat(1000)]) {
      expect(digest(text)).toEqual(sha256(new TextEncoder().encode(text)));
      expect(Buffer.from(digest(text)).toString('hex')).toBe(
        createHash('sha256').update(text, 'utf8').digest('hex'),
      );
    }
  });

  it('keccak256 is not SHA3-256', () => {
    expect(Buffer.from(keccak256(new Uint8Array(0))).toString('hex')).not.toBe(
      createHash('sha3-256').digest('hex'),
    );
  });
});
