import {
  DecryptError,
  equalSymmetricKey,
  limits,
  NotFoundError,
  type SymmetricKey,
  type Verified,
} from '@dimp/crypto';
import { decodeBase64 } from '@dimp/crypto/format';
import { plainKey } from '@dimp/crypto/plain';
import {
  type Content,
  decryptData,
  type Envelope,
  encryptedKeyFor,
  type InstantMessage,
  isBroadcast,
  isCommand,
  isFileContent,
  overtGroup,
  parseContent,
  readDecrypted,
  type SecureMessage,
} from '@dimp/dkd';
import { equalID, type ID, isBroadcastID } from '@dimp/mkm';
import type { AttachmentHandler } from './attachments.js';
import type { Barrack } from './barrack.js';
import { checkBinding, unbound } from './binding.js';
import { GroupMismatchError } from './errors.js';
import type { KeyStore } from './key-store.js';
import { readKey } from './message-keys.js';
import type { OpenedKey, OpenedKeys } from './opened-keys.js';
import type { KeyStrength, Protection } from './protection.js';
import type { Protocol } from './protocol.js';

/** A message that has been opened. */
export interface DecryptedMessage {
  readonly message: InstantMessage;
  /** The message key; PLAIN for a broadcast. */
  readonly key: SymmetricKey;
  readonly protection: Omit<Protection, 'signature'>;
}

/** What decrypting needs. */
export interface DecryptorParts {
  readonly protocol: Protocol;
  readonly barrack: Barrack;
  readonly keyStore: KeyStore;
  readonly opened: OpenedKeys;
  readonly attachments?: AttachmentHandler | undefined;
  readonly clock: () => number;
}

/**
 * Opens a message for a local user; one for a group must have been trimmed for him.
 * @throws {DecryptError} the key cannot be opened, the data not be decrypted, or no JSON object was in it
 * @throws {NotFoundError} the message brings no key and none is remembered
 * @throws {ParseError} the object that was decrypted is not a content
 * @throws {BindingError} re-addressed or re-dated @throws {GroupMismatchError}
 */
export async function decryptSecure(
  secure: Verified<SecureMessage>,
  receiver: ID,
  parts: DecryptorParts,
  options: { readonly signal?: AbortSignal } = {},
): Promise<DecryptedMessage> {
  const { envelope } = secure;
  const found = await findMessageKey(secure, receiver, parts);
  const json = readDecrypted(await decryptData(secure, found.key), envelope);
  const parsed = parseContent(unbound(json), parts.protocol);
  checkGroup(parsed, envelope);
  const bound = checkBinding(json, parsed, envelope);
  const content = await fetchFile(parsed, found.key, secure, parts, options);
  if (found.encryption !== undefined) await remember(found.key, content, receiver, envelope, parts);
  return {
    message: { envelope, content, extra: secure.extra },
    key: found.key,
    protection: {
      ...(found.encryption && { encryption: found.encryption }),
      bound,
      generation: Object.hasOwn(secure.extra, 'IV') ? 2 : 1,
    },
  };
}

interface FoundKey {
  readonly key: SymmetricKey;
  readonly encryption?: NonNullable<Protection['encryption']>;
}

async function findMessageKey(
  secure: Verified<SecureMessage>,
  receiver: ID,
  parts: DecryptorParts,
): Promise<FoundKey> {
  const { envelope } = secure;
  if (isBroadcast(envelope)) return { key: plainKey };
  const encryptedKey = encryptedKeyFor(secure, receiver, parts.protocol);
  const known = await parts.keyStore.loadKey(envelope.sender, envelope.group ?? receiver);
  if (encryptedKey === undefined) {
    if (known !== undefined)
      return { key: known.key, encryption: { ...strengthOf(known.key), reused: true } };
    throw new NotFoundError('message key', envelope.sender.text, 'ask the sender to send the message again.');
  }
  const { key, wrap } = await openKey(encryptedKey, envelope, receiver, parts);
  const reused = known !== undefined && equalSymmetricKey(known.key, key);
  return { key, encryption: { ...strengthOf(key), wrap, reused } };
}

/**
 * Tries the receiver's private keys, unless the same text was opened before.
 * @throws {ParseError} when it is no base64 text
 */
async function openKey(
  encryptedKey: string,
  { sender }: Envelope,
  receiver: ID,
  { barrack, opened, protocol }: DecryptorParts,
): Promise<OpenedKey> {
  const name = `${receiver.key} ${sender.key} ${encryptedKey}`;
  const before = opened.get(name);
  if (before !== undefined) return before;
  const user = await barrack.user(receiver);
  if (user === undefined) throw new DecryptError();
  const ciphertext = decodeBase64(encryptedKey, 'SecureMessage.key');
  const result = await user.decrypt(ciphertext, (plaintext, privateKey) => {
    const key = readKey(plaintext, protocol);
    return key && { key, wrap: strengthOf(privateKey) };
  });
  // white space in base64 is allowed: an endless text of it must not be kept
  if (encryptedKey.length <= limits.keyText) opened.set(name, result);
  return result;
}

/**
 * What a content says of its group is signed, what the envelope says is not. Commands keep their group to
 * themselves, so for them the envelope's is a hint at best.
 */
function checkGroup(content: Content, envelope: Envelope): void {
  if (isCommand(content) || content.group === undefined || envelope.group === undefined) return;
  if (!equalID(content.group, envelope.group)) throw new GroupMismatchError();
}

async function fetchFile(
  content: Content,
  key: SymmetricKey,
  { envelope }: SecureMessage,
  { attachments }: DecryptorParts,
  { signal }: { readonly signal?: AbortSignal },
): Promise<Content> {
  if (attachments === undefined || !isFileContent(content)) return content;
  const { sender, receiver } = envelope;
  return attachments.afterDecrypt(content, { key, sender, receiver, ...(signal && { signal }) });
}

/** Keeps the key for messages that bring none: under the content's group, and under the envelope's too. */
async function remember(
  key: SymmetricKey,
  content: Content,
  receiver: ID,
  { sender, group }: Envelope,
  { keyStore, clock }: DecryptorParts,
): Promise<void> {
  const targets = new Map<string, ID>();
  for (const target of [overtGroup(content) ?? receiver, group ?? receiver]) {
    if (!isBroadcastID(target)) targets.set(target.key, target);
  }
  for (const target of targets.values()) {
    const known = await keyStore.loadKey(sender, target);
    if (known !== undefined && equalSymmetricKey(known.key, key)) continue;
    await keyStore.saveKey(sender, target, { key, time: clock(), uses: 0 });
  }
}

function strengthOf({ algorithm, bits }: KeyStrength): KeyStrength {
  return { algorithm, bits };
}
