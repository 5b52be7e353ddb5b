import { equalBytes } from './bytes.js';
import { encodeUtf8 } from './format/utf8.js';
import { exportKey, type PrivateKey, type PublicKey, type SymmetricKey } from './keys.js';

/** What two halves of a pair sign and verify to recognise each other (v1.md 1.4). */
const promise = 'Moky loves May Lee forever!';

/** Whether two public keys are the same key, whatever their coats and algorithm names. */
export function equalPublicKey(a: PublicKey, b: PublicKey): boolean {
  return a.algorithm === b.algorithm && equalBytes(a.material, b.material);
}

/** Whether a public and a private key belong together. */
export async function matchKeys(publicKey: PublicKey, privateKey: PrivateKey): Promise<boolean> {
  if (equalPublicKey(publicKey, privateKey.publicKey)) return true;
  const data = encodeUtf8(promise);
  return publicKey.verify(data, await privateKey.sign(data));
}

/** Whether two symmetric keys are the same; the time does not tell where they differ. */
export function equalSymmetricKey(a: SymmetricKey, b: SymmetricKey): boolean {
  if (a === b) return true;
  const [one, other] = [textOf(a), textOf(b)];
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}

function textOf(key: SymmetricKey): string {
  return JSON.stringify(exportKey(key));
}
