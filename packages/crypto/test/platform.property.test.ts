import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import * as nodeBlocks from '../src/aes/blocks-node.js';
import * as portableBlocks from '../src/aes/blocks-portable.js';
import * as nodeCurve from '../src/ecc/curve-node.js';
import * as portableCurve from '../src/ecc/curve-portable.js';

// what Node does for us and what portable code does must be the same, byte for byte

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('whole blocks of AES', () => {
  const blocks = fc.integer({ min: 0, max: 9 }).chain(count => bytes(16 * count));

  test.prop([fc.constantFrom(16, 24, 32).chain(bytes), bytes(16), blocks])(
    'are the same by Node and in portable code',
    (key, iv, plain) => {
      const sent = portableBlocks.encryptBlocks(key, iv, plain);
      expect(nodeBlocks.encryptBlocks(key, iv, plain)).toEqual(sent);
      expect(nodeBlocks.decryptBlocks(key, iv, sent)).toEqual(plain);
      expect(portableBlocks.decryptBlocks(key, iv, sent)).toEqual(plain);
      expect(nodeBlocks.decryptBlocks(key, iv, plain)).toEqual(portableBlocks.decryptBlocks(key, iv, plain));
    },
  );

  it('come as plain arrays', () => {
    const made = nodeBlocks.encryptBlocks(new Uint8Array(32), new Uint8Array(16), new Uint8Array(32));
    expect(Object.getPrototypeOf(made)).toBe(Uint8Array.prototype);
  });
});

const prime = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const toBytes = (n: bigint): Uint8Array =>
  Uint8Array.from(Buffer.from(n.toString(16).padStart(64, '0'), 'hex'));

/** Numbers close to a bound, where a check could be wrong by one, and the highest of 32 bytes. */
const around = (bound: bigint) =>
  fc.bigInt({ min: bound - 3n, max: bound + 3n }).map(n => toBytes(n < 0n ? -n : n));
const numbers = fc.oneof(
  bytes(32),
  around(0n),
  around(order),
  around(prime),
  fc.constant(toBytes(2n ** 256n - 1n)),
);

const secrets = bytes(32).filter(portableCurve.isSecret);

describe('the curve secp256k1', () => {
  test.prop([
    fc.oneof({ weight: 9, arbitrary: numbers }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) }),
  ])('has the same secrets by Node and in portable code', data => {
    const found = portableCurve.isSecret(data);
    expect(nodeCurve.isSecret(data)).toBe(found);
    if (found) expect(nodeCurve.pointOf(data)).toEqual(portableCurve.pointOf(data));
  });

  test.prop([secrets, fc.nat({ max: 64 }), fc.integer({ min: 1, max: 255 })])(
    'has the same points and refuses the same, with any byte changed',
    (secret, at, change) => {
      const point = nodeCurve.pointOf(secret);
      expect(nodeCurve.isPoint(point)).toBe(true);
      expect(nodeCurve.compressPoint(point)).toEqual(portableCurve.compressPoint(point));
      // the other point with this x
      const y = toBytes(prime - BigInt(`0x${Buffer.from(point.subarray(33)).toString('hex')}`));
      const twin = Uint8Array.of(...point.subarray(0, 33), ...y);
      expect(nodeCurve.isPoint(twin)).toBe(true);
      expect(nodeCurve.compressPoint(twin)).toEqual(portableCurve.compressPoint(twin));
      const changed = point.with(at, (point[at] as number) ^ change);
      for (const data of [twin, changed, point.subarray(0, at), Uint8Array.of(...point, 0)]) {
        expect(nodeCurve.isPoint(data)).toBe(portableCurve.isPoint(data));
      }
    },
  );

  test.prop([numbers, numbers, fc.constantFrom(0, 2, 3, 4, 6, 7)])(
    'judges any pair of numbers the same',
    (x, y, head) => {
      const data = Uint8Array.of(head, ...x, ...y);
      expect(nodeCurve.isPoint(data)).toBe(portableCurve.isPoint(data));
    },
  );

  it('takes no number beyond the field for a coordinate', () => {
    // x = 1 lies on the curve; the same x plus the prime must not be a second name for the point
    const y = 0x4218f20ae6c646b363db68605822fb14264ca8d2587fdd6fbc750d587e76a7een;
    const point = (x: bigint) => Uint8Array.of(4, ...toBytes(x), ...toBytes(y));
    for (const { isPoint } of [nodeCurve, portableCurve]) {
      expect(isPoint(point(1n))).toBe(true);
      expect(isPoint(point(1n + prime))).toBe(false);
    }
  });

  it('has the bounds of its secrets where they are', () => {
    for (const { isSecret } of [nodeCurve, portableCurve]) {
      expect([0n, 1n, order - 1n, order].map(n => isSecret(toBytes(n)))).toEqual([false, true, true, false]);
    }
  });

  it.each([nodeCurve, portableCurve])('draws secrets, each another', ({ randomSecret, isSecret }) => {
    const drawn = Array.from({ length: 9 }, randomSecret);
    expect(drawn.every(isSecret)).toBe(true);
    expect(new Set(drawn.map(String)).size).toBe(9);
  });
});
