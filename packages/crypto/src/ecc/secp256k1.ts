import { secp256k1 } from '@noble/curves/secp256k1.js';

/** ECDSA over SHA-256 as ASN.1 DER; the same data gives the same signature (RFC 6979), with low s. */
export function sign(data: Uint8Array, secret: Uint8Array): Uint8Array {
  return secp256k1.sign(data, secret, { prehash: true, lowS: true, format: 'der' });
}

/**
 * Whether the signature is the one DER form of a pair (r, s) that fits. High s is accepted, since peers do
 * not lower it; so a signature must never serve as the name of a message.
 */
export function verify(data: Uint8Array, signature: Uint8Array, point: Uint8Array): boolean {
  return secp256k1.verify(signature, data, point, { prehash: true, lowS: false, format: 'der' });
}

/** The public point of a secret, `04 || x || y`. */
export function pointOf(secret: Uint8Array): Uint8Array {
  return secp256k1.getPublicKey(secret, false);
}

/** `02 || x` or `03 || x` in place of `04 || x || y`. */
export function compressPoint(point: Uint8Array): Uint8Array {
  return secp256k1.Point.fromBytes(point).toBytes(true);
}

/** Whether 65 bytes are `04 || x || y` of a point on the curve. */
export function isPoint(data: Uint8Array): boolean {
  return data.length === 65 && secp256k1.utils.isValidPublicKey(data, false);
}

/** Whether 32 bytes are a number from 1 to the order of the curve less one. */
export function isSecret(data: Uint8Array): boolean {
  return data.length === 32 && secp256k1.utils.isValidSecretKey(data);
}

/** A random secret, by the platform's secure generator. */
export function randomSecret(): Uint8Array {
  return secp256k1.utils.randomSecretKey();
}
