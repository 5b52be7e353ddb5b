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
