import { concatBytes } from '@dimp/crypto';

/** Order of the curve secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * The same signature with the smaller of the two values that s may have, as the portable code writes it: the
 * platform takes either, and libraries of some peers refuse the larger one.
 * @param signature DER as the platform made it
 */
export function lowerS(signature: Uint8Array): Uint8Array {
  const afterR = 4 + (signature[3] as number);
  const s = BigInt(`0x${Buffer.from(signature.subarray(afterR + 2)).toString('hex')}`);
  if (s <= order >> 1n) return signature;
  const body = concatBytes(signature.subarray(2, afterR), derInteger(order - s));
  return concatBytes(Uint8Array.of(0x30, body.length), body);
}

function derInteger(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // a leading zero, lest it be read as negative
  const digits = (bytes[0] as number) < 0x80 ? bytes : concatBytes(Uint8Array.of(0), bytes);
  return concatBytes(Uint8Array.of(2, digits.length), digits);
}
