import { unsafeMarkVerified, type Verified, type VerifyKey } from '@dimp/crypto';
import type { ReliableMessage } from './reliable-message.js';
import type { SecureMessage } from './secure-message.js';

/**
 * Checks a message's signature with the sender's keys; one fit is enough. The result has no signature any
 * more. Undefined when none fits.
 */
export async function verifyMessage(
  message: ReliableMessage,
  keys: Iterable<VerifyKey>,
): Promise<Verified<SecureMessage> | undefined> {
  const { signature, ...secure } = message;
  for (const key of keys) {
    if (await key.verify(message.data, signature)) return unsafeMarkVerified<SecureMessage>(secure);
  }
  return undefined;
}
