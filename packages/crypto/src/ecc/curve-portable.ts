import { secp256k1 } from '@noble/curves/secp256k1.js';

/** Whether 65 bytes are `04 || x || y` of a point on the curve. */
export function isPoint(data: Uint8Array): boolean {
  return data.length === 65 && secp256k1.utils.isValidPublicKey(data, false);
}

/** `02 || x` or `03 || x` in place of `04 || x || y`. */
export function compressPoint(point: Uint8Array): Uint8Array {
  return secp256k1.Point.fromBytes(point).toBytes(true);
}

/** The public point of a secret, `04 || x || y`. */
export function pointOf(secret: Uint8Array): Uint8Array {
  return secp256k1.getPublicKey(secret, false);
}

/** Whether 32 bytes are a number from 1 to the order of the curve less one. */
export function isSecret(data: Uint8Array): boolean {
  return data.length === 32 && secp256k1.utils.isValidSecretKey(data);
}

/** A random secret, by the platform's secure generator. */
export function randomSecret(): Uint8Array {
  return secp256k1.utils.randomSecretKey();
}
