import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { RsaPrivateNumbers, RsaPublicNumbers } from '@dimp/crypto/rsa';

/** Through JWK, since Node 20 takes thirty times longer to read the same numbers from DER. */
export function publicKeyObject({ modulus, exponent }: RsaPublicNumbers): KeyObject {
  const key = { kty: 'RSA', n: base64url(modulus), e: base64url(exponent) };
  return createPublicKey({ key, format: 'jwk' });
}

/** @see publicKeyObject */
export function privateKeyObject(numbers: RsaPrivateNumbers): KeyObject {
  const key = {
    kty: 'RSA',
    n: base64url(numbers.modulus),
    e: base64url(numbers.exponent),
    d: base64url(numbers.privateExponent),
    p: base64url(numbers.prime1),
    q: base64url(numbers.prime2),
    dp: base64url(numbers.exponent1),
    dq: base64url(numbers.exponent2),
    qi: base64url(numbers.coefficient),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

function base64url(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
