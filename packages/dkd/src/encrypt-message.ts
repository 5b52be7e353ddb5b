import { type Draft, formatJson, type SymmetricKey, UsageError } from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { type ID, isGroupID, isUserID } from '@dimp/mkm';
import { type FormatOptions, formatContent } from './content.js';
import type { MessageContext } from './context.js';
import type { Envelope } from './envelope.js';
import { type InstantMessage, isBroadcastInstant, overtGroup } from './instant-message.js';
import type { SecureMessage } from './secure-message.js';

/** Somebody a message is encrypted for. */
export interface Recipient {
  /** The text under which a group member's key is filed is this ID's. */
  readonly id: ID;
  /** The message key, encrypted for him. */
  readonly encryptedKey: Uint8Array;
}

/** What encrypting is told. */
export interface EncryptOptions extends FormatOptions {
  /** The message key. Not used for a broadcast. */
  readonly key: SymmetricKey;
  /** The receiver, or the members of the group whose key is known. */
  readonly recipients: readonly Recipient[];
  /** The content's JSON text, when it was made already; else it is made here. */
  readonly contentText?: string;
}

/**
 * Encrypts a message (v1.md 9.3). A broadcast is not encrypted: its data is the content's text.
 * @throws {UsageError} when the receiver is neither user nor group, or a recipient is missing
 */
export async function encryptMessage(
  message: InstantMessage,
  context: MessageContext,
  options: EncryptOptions,
): Promise<SecureMessage> {
  const { envelope, content, extra } = message;
  const text = options.contentText ?? formatJson(formatContent(content, context, options), 'Content');
  const group = overtGroup(content);
  const shown = group !== undefined && group.key !== envelope.receiver.key ? group : envelope.group;
  const { sender, receiver, time } = envelope;
  const head: Draft<Envelope> = { sender, receiver, type: content.type };
  if (time !== undefined) head.time = time;
  if (shown !== undefined) head.group = shown;
  const body = encodeUtf8(text);
  if (isBroadcastInstant(message)) return { envelope: head, data: body, extra };
  const data = await options.key.encrypt(body);
  return { envelope: head, data, extra, ...filedKeys(receiver, options.recipients) };
}

function filedKeys(
  receiver: ID,
  recipients: readonly Recipient[],
): Pick<SecureMessage, 'encryptedKey' | 'encryptedKeys'> {
  if (isGroupID(receiver)) {
    if (recipients.length === 0) return {};
    const encryptedKeys = new Map<string, string>();
    for (const { id, encryptedKey } of recipients) encryptedKeys.set(id.text, encodeBase64(encryptedKey));
    return { encryptedKeys };
  }
  const [only] = recipients;
  if (!isUserID(receiver) || only === undefined || recipients.length > 1) {
    throw new UsageError(`Expected one recipient for the user ${receiver.text}, got ${recipients.length}.`);
  }
  return { encryptedKey: encodeBase64(only.encryptedKey) };
}
