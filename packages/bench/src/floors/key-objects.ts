import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { exportKey, type PrivateKey, type PublicKey } from '@dimp/crypto';
import { readSecret } from '@dimp/crypto/ecc';

/** Subject public key info of an uncompressed point of secp256k1, up to the point. */
const pointHead = Buffer.from('3056301006072a8648ce3d020106052b8104000a034200', 'hex');

/** The key object of Node for a public key of ours. */
export function publicKeyObject({ algorithm, material }: PublicKey): KeyObject {
  const der = algorithm === 'ECC' ? Buffer.concat([pointHead, material]) : Buffer.from(material);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

/** The same for a private key that gives its secret away. */
export function privateKeyObject(key: PrivateKey): KeyObject {
  const json = exportKey(key);
  if (key.algorithm === 'RSA') return createPrivateKey(json['data'] as string);
  const jwk = publicKeyObject(key.publicKey).export({ format: 'jwk' });
  const d = Buffer.from(readSecret(json)).toString('base64url');
  return createPrivateKey({ key: { ...jwk, d }, format: 'jwk' });
}
