import type { ID, IdentityContext } from '@dimp/mkm';
import { keyFinder } from './decrypt-message.js';
import type { SecureMessage } from './secure-message.js';

/**
 * One message for each of these members, without opening it: each carries that member's key only, or none
 * when there is none. The signature still holds, because it covers only `data`, which all share.
 */
export function splitMessage<M extends SecureMessage>(
  message: M,
  members: readonly ID[],
  context: Pick<IdentityContext, 'addresses'>,
): M[] {
  const { encryptedKey: _, encryptedKeys, ...rest } = message;
  const find = encryptedKeys && keyFinder(encryptedKeys, context);
  return members.map(member => {
    const key = find?.(member);
    const envelope = { ...message.envelope, receiver: member, group: message.envelope.receiver };
    return { ...rest, envelope, ...(key !== undefined && { encryptedKey: key }) } as SecureMessage as M;
  });
}

/**
 * The message for one member, as `splitMessage` makes it; a group that the envelope names already stays,
 * and so does a key that stands alone.
 */
export function trimMessage<M extends SecureMessage>(
  message: M,
  member: ID,
  context: Pick<IdentityContext, 'addresses'>,
): M {
  const { encryptedKeys, ...rest } = message;
  const key = encryptedKeys && keyFinder(encryptedKeys, context)(member);
  const { receiver, group = receiver } = message.envelope;
  const envelope = { ...message.envelope, receiver: member, group };
  return { ...rest, envelope, ...(key !== undefined && { encryptedKey: key }) } as SecureMessage as M;
}
