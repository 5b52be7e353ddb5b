import { formatJson, type SymmetricKey, UnsupportedError, UsageError } from '@dimp/crypto';
import { plainKey } from '@dimp/crypto/plain';
import {
  type AnyFileContent,
  type Envelope,
  encryptMessage,
  formatContent,
  type InstantMessage,
  isBroadcastInstant,
  isFileContent,
  overtGroup,
  type Recipient,
  type SecureMessage,
} from '@dimp/dkd';
import { type ID, isGroupID } from '@dimp/mkm';
import type { AttachmentHandler } from './attachments.js';
import type { Barrack } from './barrack.js';
import { bindContent, bindingTarget } from './binding.js';
import type { KeyStore } from './key-store.js';
import { wrapForMembers } from './member-keys.js';
import { wrapKey } from './message-keys.js';
import { SendingKey } from './sending-key.js';

/** What one encryption may be told. */
export interface EncryptInstantOptions {
  readonly signal?: AbortSignal;
  /** Called with the members done and their number while a group's keys are encrypted. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A message that is ready to be signed. */
export interface EncryptedInstant {
  readonly message: SecureMessage;
  /** The message key; PLAIN for a broadcast. */
  readonly key: SymmetricKey;
  /** Members of the group who cannot read it, because nothing is known to encrypt with for them. */
  readonly missing: readonly ID[];
}

/** What encrypting needs. */
export interface EncryptorParts {
  readonly barrack: Barrack;
  readonly keyStore: KeyStore;
  readonly attachments?: AttachmentHandler | undefined;
  /** Seconds since 1970. */
  readonly clock: () => number;
  /** Whether contents are bound to their envelopes. */
  readonly bind: boolean;
}

/**
 * Encrypts a message: the content once, the message key once for each recipient.
 * @throws {NotFoundError} the receiver's meta, the group's members, or all of their keys are not here yet
 * @throws {UnsupportedError} the receiver is neither user nor group, or has no key that can encrypt
 */
export async function encryptInstant(
  instant: InstantMessage,
  parts: EncryptorParts,
  options: EncryptInstantOptions = {},
): Promise<EncryptedInstant> {
  const { keyStore } = parts;
  const { protocol } = parts.barrack;
  const { sender, receiver } = instant.envelope;
  const encrypt = async (key: SymmetricKey, recipients: readonly Recipient[]): Promise<SecureMessage> => {
    const { content } = instant;
    const message = isFileContent(content)
      ? { ...instant, content: await prepareFile(content, instant.envelope, key, parts, options) }
      : instant;
    const contentText = textOf(message, parts);
    return encryptMessage(message, protocol, { key, recipients, contentText });
  };
  if (isBroadcastInstant(instant))
    return { message: await encrypt(plainKey, []), key: plainKey, missing: [] };
  const [algorithm] = protocol.symmetric;
  if (algorithm === undefined)
    throw new UnsupportedError('symmetric algorithm', 'any', 'the protocol has none.');
  const target = overtGroup(instant.content) ?? receiver;
  const sending = await SendingKey.take({ sender, target }, keyStore, algorithm, parts.clock());
  const { key } = sending;
  if (!isGroupID(receiver)) {
    const encryptedKey = await wrapKey(receiver, sending, parts.barrack);
    const message = await encrypt(key, [{ id: receiver, encryptedKey }]);
    await sending.saveUse();
    return { message, key, missing: [] };
  }
  const { encryptedKeys, missing } = await wrapForMembers(receiver, sending, parts.barrack, options);
  const message = { ...(await encrypt(key, [])), encryptedKeys };
  await sending.saveUse();
  return { message, key, missing };
}

async function prepareFile(
  content: AnyFileContent,
  { sender, receiver }: Envelope,
  key: SymmetricKey,
  parts: EncryptorParts,
  { signal }: EncryptInstantOptions,
): Promise<AnyFileContent> {
  if (parts.attachments === undefined) {
    if (content.source === undefined || content.data !== undefined) return content;
    throw new UsageError('The file is a stream and nothing here uploads it; pass attachments, or its data.');
  }
  return parts.attachments.beforeEncrypt(content, { key, sender, receiver, ...(signal && { signal }) });
}

function textOf({ content, envelope }: InstantMessage, { barrack, bind }: EncryptorParts): string {
  const json = formatContent(content, barrack.protocol);
  // a group that only the caller's envelope names goes out as well
  const to = bindingTarget(envelope.receiver, overtGroup(content) ?? envelope.group);
  return formatJson(bind ? bindContent(json, envelope.sender, to, envelope.time ?? 0) : json, 'Content');
}
