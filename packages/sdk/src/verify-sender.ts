import { SignatureError, type VerifiedMessage } from '@dimp/core';
import { equalBytes } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import type { ReliableMessage } from '@dimp/dkd';
import { acceptMeta } from './processors/meta.js';
import type { Work } from './work.js';

/**
 * Checks who signed a message. Of metas that were only heard of, and the one that came along, that one is kept for good
 * whose key did. Throws as `Transceiver.verify`.
 */
export async function verifySender(
  message: ReliableMessage,
  { facebook, transceiver }: Pick<Work, 'facebook' | 'transceiver'>,
): Promise<VerifiedMessage> {
  const { data, signature, meta } = message;
  const { sender } = message.envelope;
  // a meta's fingerprint, sent as a message: anybody has it, and it fits the meta's twin as well
  if (equalBytes(data, encodeUtf8(sender.name))) throw new SignatureError(sender.text);
  if (facebook.hearsay.has(sender)) {
    if (meta !== undefined) await acceptMeta(meta, sender, facebook);
    await facebook.proveMeta(sender, key => key.verify(data, signature));
  }
  return transceiver.verify(message);
}
