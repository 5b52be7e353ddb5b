import { concatBytes, randomBytes } from '../bytes.js';
import { encodeHex } from '../format/hex.js';

// Keys of the curve y² = x³ + 7 need little enough to do without a library: Node takes 18 ms to load that.

/** What is used of Node here; its types are not asked for, since everything else must do without Node. */
declare const process: { getBuiltinModule(name: 'node:crypto'): NodeCrypto };

interface NodeCrypto {
  createECDH(curve: 'secp256k1'): { setPrivateKey(secret: Uint8Array): void; getPublicKey(): Uint8Array };
}

// not taken apart: bundlers hold that for an effect
const nodeCrypto: NodeCrypto = /* @__PURE__ */ process.getBuiltinModule('node:crypto');

/** The prime of the field. */
const prime = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/** How many points there are, highest byte first. */
const order: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe],
  ...[0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41],
);

/** Whether 65 bytes are `04 || x || y` of a point on the curve. */
export function isPoint(data: Uint8Array): boolean {
  if (data.length !== 65 || data[0] !== 4) return false;
  const x = toNumber(data.subarray(1, 33));
  const y = toNumber(data.subarray(33));
  return x < prime && y < prime && (y * y - x * x * x - 7n) % prime === 0n;
}

/** `02 || x` or `03 || x` in place of `04 || x || y`. */
export function compressPoint(point: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(2 + ((point[64] as number) & 1)), point.subarray(1, 33));
}

/** The public point of a secret, `04 || x || y`. */
export function pointOf(secret: Uint8Array): Uint8Array {
  const pair = nodeCrypto.createECDH('secp256k1');
  pair.setPrivateKey(secret);
  return Uint8Array.from(pair.getPublicKey());
}

/** Whether 32 bytes are a number from 1 to the order of the curve less one; the time does not tell which. */
export function isSecret(data: Uint8Array): boolean {
  if (data.length !== 32) return false;
  let bits = 0;
  let borrow = 0;
  for (let i = 31; i >= 0; i--) {
    const byte = data[i] as number;
    bits |= byte;
    borrow = ((byte - (order[i] as number) - borrow) >> 31) & 1;
  }
  return bits !== 0 && borrow === 1;
}

/** A random secret, by the platform's secure generator. */
export function randomSecret(): Uint8Array {
  for (;;) {
    const secret = randomBytes(32);
    // but for one of 2^128
    if (isSecret(secret)) return secret;
  }
}

function toNumber(data: Uint8Array): bigint {
  return BigInt(`0x${encodeHex(data)}`);
}
