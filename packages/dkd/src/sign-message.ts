import type { SignKey } from '@dimp/crypto';
import type { ReliableMessage } from './reliable-message.js';
import type { SecureMessage } from './secure-message.js';

/** Signs a message as its sender: the bytes of `data`, whatever they are. */
export async function signMessage(message: SecureMessage, key: SignKey): Promise<ReliableMessage> {
  const signature = await key.sign(message.data);
  // not by a spread: engines are slow to add a member to the copy that it makes
  return Object.assign({}, message, { signature });
}
