import type { SignKey } from '@dimp/crypto';
import type { ReliableMessage } from './reliable-message.js';
import type { SecureMessage } from './secure-message.js';

/** Signs a message as its sender: the bytes of `data`, whatever they are. */
export async function signMessage(message: SecureMessage, key: SignKey): Promise<ReliableMessage> {
  return { ...message, signature: await key.sign(message.data) };
}
