import { type DimpError, formatJson, type SymmetricKey, UnsupportedError, UsageError } from '@dimp/crypto';
import { nextTurn } from '@dimp/crypto/next-turn';
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
  type SecureMessage,
} from '@dimp/dkd';
import { type ID, isGroupID } from '@dimp/mkm';
import type { AttachmentHandler } from './attachments.js';
import type { Barrack } from './barrack.js';
import { bindContent, bindingTarget } from './binding.js';
import type { KeyStore } from './key-store.js';
import { notHere, type SendingKey, saveUse, takeKey, type Wrapping, wrapKey } from './message-keys.js';

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
  const encrypt = async (key: SymmetricKey, wrappings: readonly Wrapping[]): Promise<SecureMessage> => {
    const { content } = instant;
    const message = isFileContent(content)
      ? { ...instant, content: await prepareFile(content, instant.envelope, key, parts, options) }
      : instant;
    const contentText = textOf(message, parts);
    return encryptMessage(message, protocol, { key, recipients: wrappings, contentText });
  };
  if (isBroadcastInstant(instant))
    return { message: await encrypt(plainKey, []), key: plainKey, missing: [] };
  const [algorithm] = protocol.symmetric;
  if (algorithm === undefined)
    throw new UnsupportedError('symmetric algorithm', 'any', 'the protocol has none.');
  const target = overtGroup(instant.content) ?? receiver;
  const sending = await takeKey(sender, target, keyStore, algorithm, parts.clock());
  const { wrappings, missing } = await wrapAll(receiver, sending, parts.barrack, options);
  const message = await encrypt(sending.entry.key, wrappings);
  await saveUse(sender, target, keyStore, sending, wrappings);
  return { message, key: sending.entry.key, missing };
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

/** Members of a group are served in batches of this many, so that keys in hardware work side by side. */
const batchSize = 32;

/** After so many milliseconds of work others get their turn. */
const patience = 10;

/** Encrypts the message key for the receiver, or for each member whose key is known. */
async function wrapAll(
  receiver: ID,
  sending: SendingKey,
  barrack: Barrack,
  options: EncryptInstantOptions,
): Promise<{ readonly wrappings: readonly Wrapping[]; readonly missing: readonly ID[] }> {
  if (!isGroupID(receiver)) return { wrappings: [await wrapKey(receiver, sending, barrack)], missing: [] };
  const members = await loadMembers(receiver, barrack);
  const wrappings: Wrapping[] = [];
  const missing = new Map<ID, DimpError>();
  let since = performance.now();
  for (let done = 0; done < members.length; done += batchSize) {
    if (performance.now() - since > patience) {
      await nextTurn();
      since = performance.now();
    }
    options.signal?.throwIfAborted();
    const batch = members.slice(done, done + batchSize);
    const results = await Promise.allSettled(batch.map(member => wrapKey(member, sending, barrack)));
    results.forEach((result, index) => {
      if (result.status === 'fulfilled') wrappings.push(result.value);
      else missing.set(batch[index] as ID, refusal(result.reason));
    });
    options.onProgress?.(Math.min(done + batchSize, members.length), members.length);
  }
  if (wrappings.length === 0) {
    const reasons = [...missing.values()];
    // what may still come counts before what is not offered at all
    throw reasons.find(({ code }) => code === 'ERR_NOT_FOUND') ?? reasons[0];
  }
  return { wrappings, missing: [...missing.keys()] };
}

async function loadMembers(group: ID, barrack: Barrack): Promise<readonly ID[]> {
  const entity = await barrack.group(group);
  if (entity === undefined) throw notHere('meta', group);
  const members = await entity.members();
  if (members === undefined || members.length === 0) throw notHere('members', group);
  return members;
}

/** Why a member gets no key: his meta or profile is not here, or he has no key that can encrypt. Others are thrown. */
function refusal(error: DimpError): DimpError {
  if (error.code === 'ERR_NOT_FOUND' || error.code === 'ERR_UNSUPPORTED') return error;
  throw error;
}
