import { webcrypto } from 'node:crypto';
import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { NodeSealer } from '../src/platform/node-sealer.js';
import { PortableSealer } from '../src/platform/portable-sealer.js';
import { WebSealer } from '../src/platform/web-sealer.js';
import { nonceBytes, type Sealer, tagBytes } from '../src/sealer.js';

const secret = new Uint8Array(32).fill(7);

const makers: readonly (readonly [string, (key: Uint8Array) => Sealer])[] = [
  ['node', key => new NodeSealer(key)],
  ['web', key => new WebSealer(key, webcrypto.subtle as SubtleCrypto)],
  ['portable', key => new PortableSealer(key)],
];
const sealers = makers.map(([name, make]) => [name, make(secret)] as const);

const bytes = fc.uint8Array({ maxLength: 200 });

describe.each(sealers)('a record sealed by %s', (_, sealer) => {
  test.prop([bytes, bytes])('opens by every platform', async (value, key) => {
    const sealed = await sealer.seal(value, key);
    expect(sealed).toHaveLength(nonceBytes + value.length + tagBytes);
    for (const [, other] of sealers) {
      const opened = await other.open(sealed, key);
      expect(opened && Uint8Array.from(opened)).toEqual(value);
    }
  });

  test.prop([bytes, bytes, fc.nat(), fc.integer({ min: 1, max: 255 })])(
    'does not open with any byte changed',
    async (value, key, place, mask) => {
      const sealed = Uint8Array.from(await sealer.seal(value, key));
      const at = place % sealed.length;
      sealed[at] = (sealed[at] as number) ^ mask;
      for (const [, other] of sealers) expect(await other.open(sealed, key)).toBeUndefined();
    },
  );

  test.prop([bytes, bytes, bytes])(
    'does not open under another key of a record',
    async (value, key, other) => {
      fc.pre(Buffer.compare(key, other) !== 0);
      const sealed = await sealer.seal(value, key);
      for (const [, opener] of sealers) expect(await opener.open(sealed, other)).toBeUndefined();
    },
  );

  test.prop([bytes, bytes, fc.nat()])('does not open when it was cut off', async (value, key, length) => {
    const sealed = await sealer.seal(value, key);
    const cut = sealed.subarray(0, length % sealed.length);
    for (const [, opener] of sealers) expect(await opener.open(cut, key)).toBeUndefined();
  });

  test.prop([bytes, bytes])('does not open under another data key', async (value, key) => {
    const sealed = await sealer.seal(value, key);
    for (const [, make] of makers) {
      expect(await make(new Uint8Array(32).fill(8)).open(sealed, key)).toBeUndefined();
    }
  });
});

describe.each(sealers)('nonces of %s', (_, sealer) => {
  test.prop([fc.constant(undefined)], { numRuns: 1 })('are all different', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 2000; i++) {
      const sealed = await sealer.seal(new Uint8Array(1), new Uint8Array(1));
      nonces.add(Buffer.from(sealed.subarray(0, nonceBytes)).toString('hex'));
    }
    expect(nonces.size).toBe(2000);
  });
});
