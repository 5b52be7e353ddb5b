import { DecryptError, limits, NotFoundError, type SymmetricKey, type Verified } from '@dimp/crypto';
import { decodeBase64 } from '@dimp/crypto/format';
import { equalSymmetricKey } from '@dimp/crypto/match';
import { plainKey } from '@dimp/crypto/plain';
import {
  type AnyFileContent,
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
import { equalID, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import type { AttachmentHandler } from './attachments.js';
import type { Barrack } from './barrack.js';
import { isBound, unbound } from './binding.js';
import { GroupMismatchError } from './errors.js';
import type { KeyStore } from './key-store.js';
import { readKey } from './message-keys.js';
import type { OpenedKey, OpenedKeys } from './opened-keys.js';
import type { Protection } from './protection.js';

/** A message that has been opened. */
export interface DecryptedMessage {
  readonly message: InstantMessage;
  /** The message key; PLAIN for a broadcast. */
  readonly key: SymmetricKey;
  readonly protection: Omit<Protection, 'signature'>;
}

/** What decrypting needs. */
export interface DecryptorParts {
  readonly barrack: Barrack;
  readonly keyStore: KeyStore;
  readonly opened: OpenedKeys;
  readonly attachments?: AttachmentHandler | undefined;
  readonly clock: () => number;
}

/**
 * Opens a message for a local user; one for a group must have been trimmed for him.
 * @throws {DecryptError} it is for another user, the key cannot be opened, the data not be decrypted, or no JSON
 *   object was in it
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
  checkReceiver(receiver, envelope);
  const found = await findMessageKey(secure, receiver, parts);
  const json = readDecrypted(await decryptData(secure, found.key), envelope);
  const parsed = parseContent(unbound(json), parts.barrack.protocol);
  checkGroup(parsed, envelope);
  const bound = isBound(json, parsed, envelope);
  const content = isFileContent(parsed) ? await fetchFile(parsed, found.key, secure, parts, options) : parsed;
  if (found.encryption !== undefined) {
    for (const target of targetsOf(content, receiver, envelope)) {
      if (!isRemembered(found, target)) await remember(found, target, envelope.sender, parts);
    }
  }
  const generation = Object.hasOwn(secure.extra, 'IV') ? 2 : 1;
  const { encryption } = found;
  const protection =
    encryption === undefined
      ? ({ bound, generation } as const)
      : ({ encryption, bound, generation } as const);
  return { message: { envelope, content, extra: secure.extra }, key: found.key, protection };
}

/** The binding is to the receiver of the envelope: of a message opened by another one it would tell nothing. */
function checkReceiver(receiver: ID, envelope: Envelope): void {
  if (isBroadcast(envelope) || isGroupID(envelope.receiver) || equalID(envelope.receiver, receiver)) return;
  throw new DecryptError();
}

interface FoundKey {
  readonly key: SymmetricKey;
  readonly encryption?: NonNullable<Protection['encryption']>;
  /** Under whose name was looked for it, and whether what was found there stays. */
  readonly target?: ID;
  readonly isKept?: boolean;
}

async function findMessageKey(
  secure: Verified<SecureMessage>,
  receiver: ID,
  parts: DecryptorParts,
): Promise<FoundKey> {
  const { envelope } = secure;
  if (isBroadcast(envelope)) return { key: plainKey };
  const encryptedKey = encryptedKeyFor(secure, receiver, parts.barrack.protocol);
  const target = envelope.group ?? receiver;
  const entry = await parts.keyStore.loadKey(envelope.sender, target);
  const before = entry?.key;
  if (encryptedKey === undefined) {
    if (before !== undefined) {
      const { algorithm, bits } = before;
      return { key: before, encryption: { algorithm, bits, reused: true }, target, isKept: true };
    }
    throw new NotFoundError('message key', envelope.sender.text, 'ask the sender to send the message again.');
  }
  const opened = parts.opened.get(encryptedKey, envelope.sender.key, receiver.key);
  const { key, wrap } = opened ?? (await openKey(encryptedKey, envelope, receiver, parts));
  const { algorithm, bits } = key;
  const reused = before !== undefined && equalSymmetricKey(before, key);
  const isKept = reused || entry?.pinned === true;
  return { key, encryption: { algorithm, bits, wrap, reused }, target, isKept };
}

/**
 * Tries the receiver's private keys.
 * @throws {ParseError} when it is no base64 text
 */
async function openKey(
  encryptedKey: string,
  { sender }: Envelope,
  receiver: ID,
  { barrack, opened }: DecryptorParts,
): Promise<OpenedKey> {
  const user = await barrack.user(receiver);
  if (user === undefined) throw new DecryptError();
  const ciphertext = decodeBase64(encryptedKey, 'SecureMessage.key');
  const result = await user.decrypt(ciphertext, (plaintext, { algorithm, bits }) => {
    const key = readKey(plaintext, barrack.protocol);
    return key && { key, wrap: { algorithm, bits }, sender: sender.key, receiver: receiver.key };
  });
  // white space in base64 is allowed: an endless text of it must not be kept
  if (encryptedKey.length <= limits.keyText) opened.set(encryptedKey, result);
  return result;
}

/**
 * What a content says of its group is signed, what the envelope says is not. Commands keep their group to
 * themselves, so for them the envelope's is a hint at best.
 */
function checkGroup(content: Content, envelope: Envelope): void {
  // a message to everybody shows it; one that hides it wants its answer to go out in the clear
  if (content.group !== undefined && isBroadcastID(content.group) && !isBroadcast(envelope)) {
    throw new GroupMismatchError();
  }
  if (isCommand(content) || content.group === undefined || envelope.group === undefined) return;
  if (!equalID(content.group, envelope.group)) throw new GroupMismatchError();
}

async function fetchFile<C extends AnyFileContent>(
  content: C,
  key: SymmetricKey,
  { envelope }: SecureMessage,
  { attachments }: DecryptorParts,
  { signal }: { readonly signal?: AbortSignal },
): Promise<C> {
  if (attachments === undefined) return content;
  const { sender, receiver } = envelope;
  return attachments.afterDecrypt(content, { key, sender, receiver, ...(signal && { signal }) });
}

/** Under whom the key is kept for messages that bring none: the content's group, and the envelope's too. */
function targetsOf(content: Content, receiver: ID, { group = receiver }: Envelope): readonly ID[] {
  const target = overtGroup(content) ?? receiver;
  return group.key === target.key ? [target] : [target, group];
}

function isRemembered({ target: lookedFor, isKept }: FoundKey, target: ID): boolean {
  return isKept === true && lookedFor?.key === target.key;
}

/** A pinned key stays: an old message of one's own that somebody sends back must not replace it. */
async function remember(
  { key, target: lookedFor }: FoundKey,
  target: ID,
  sender: ID,
  { barrack, keyStore, clock }: DecryptorParts,
): Promise<void> {
  if (isBroadcastID(target)) return;
  // a group that nobody has made here is a name that the sender may have made up, to fill the key store
  if (isGroupID(target) && (await barrack.loadMeta(target)) === undefined) return;
  if (lookedFor?.key !== target.key) {
    const before = await keyStore.loadKey(sender, target);
    if (before !== undefined && (before.pinned === true || equalSymmetricKey(before.key, key))) return;
  }
  await keyStore.saveKey(sender, target, { key, time: clock(), uses: 0 });
}
