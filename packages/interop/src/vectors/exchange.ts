import {
  type AttachmentHandler,
  freshKeyPolicy,
  type KeyPolicy,
  type KeyStore,
  type MessageKey,
  Transceiver,
} from '@dimp/core';
import { DimpError, isJsonObject, type JsonObject, type SymmetricKey } from '@dimp/crypto';
import { decodeBase64 } from '@dimp/crypto/format';
import {
  encryptMessage,
  formatContent,
  type InstantMessage,
  type Recipient,
  type ReliableMessage,
  type SecureMessage,
  trimMessage,
} from '@dimp/dkd';
import { type ID, isGroupID, parseID } from '@dimp/mkm';
import { type Facebook, Messenger, type Received } from '@dimp/sdk';
import type { UserAccount } from './accounts.js';

/** A key store that gives one key for every direction, and notes for which ones it was used. */
export class GivenKeyStore implements KeyStore {
  readonly policy: KeyPolicy = freshKeyPolicy;
  readonly used: { readonly sender: ID; readonly target: ID }[] = [];
  readonly #key: SymmetricKey;

  constructor(key: SymmetricKey) {
    this.#key = key;
  }

  loadKey(): MessageKey {
    return { key: this.#key, time: 0, uses: 1, pinned: true };
  }

  saveKey(sender: ID, target: ID): void {
    this.used.push({ sender, target });
  }

  removeKey(): void {}
}

/** A message that was encrypted by the library, with what was noted on the way. */
export interface Encrypted {
  readonly message: SecureMessage;
  /** The content that is in it, as JSON: a file may have been uploaded. */
  readonly contentJson: JsonObject;
  /** The direction whose key was used; undefined for a broadcast. */
  readonly slot: { readonly sender: ID; readonly target: ID } | undefined;
}

/**
 * Encrypts with a given key, twice: once as an application would, which tells who gets the key and under which
 * direction it is kept; and from these parts once more with the text of the case, as that can be compared byte
 * for byte.
 */
export async function encryptGiven(
  instant: InstantMessage,
  facebook: Facebook,
  options: {
    readonly key: SymmetricKey;
    readonly contentText: string;
    readonly attachments?: AttachmentHandler;
  },
): Promise<Encrypted> {
  const { key, contentText, attachments } = options;
  const { protocol } = facebook;
  const keyStore = new GivenKeyStore(key);
  const watched = watchContent(attachments);
  const transceiver = new Transceiver({
    barrack: facebook.barrack,
    keyStore,
    bind: false,
    ...(watched.handler && { attachments: watched.handler }),
  });
  const { message: ours } = await transceiver.encrypt(instant);
  const content = watched.sent() ?? instant.content;
  const again = { ...instant, content };
  const recipients = recipientsOf(ours, protocol);
  const message = await encryptMessage(again, protocol, { key, recipients, contentText });
  return { message, contentJson: formatContent(content, protocol), slot: keyStore.used[0] };
}

function watchContent(attachments: AttachmentHandler | undefined): {
  readonly handler: AttachmentHandler | undefined;
  readonly sent: () => InstantMessage['content'] | undefined;
} {
  let sent: InstantMessage['content'] | undefined;
  const handler: AttachmentHandler | undefined = attachments && {
    async beforeEncrypt(content, context) {
      const result = await attachments.beforeEncrypt(content, context);
      sent = result;
      return result;
    },
    afterDecrypt: (content, context) => attachments.afterDecrypt(content, context),
  };
  return { handler, sent: () => sent };
}

function recipientsOf(message: SecureMessage, protocol: Facebook['protocol']): readonly Recipient[] {
  const { encryptedKey, encryptedKeys, envelope } = message;
  if (encryptedKey !== undefined)
    return [{ id: envelope.receiver, encryptedKey: decodeBase64(encryptedKey) }];
  return [...(encryptedKeys ?? [])].map(([text, wrapped]) => ({
    id: parseID(text, protocol),
    encryptedKey: decodeBase64(wrapped),
  }));
}

/** How a reader's messenger is made: it opens and does not answer, and it has no memory of what it has seen. */
export function createReader(facebook: Facebook, attachments?: AttachmentHandler): Messenger {
  return new Messenger({
    facebook,
    processors: [],
    replay: false,
    bind: false,
    ...(attachments && { attachments }),
  });
}

/**
 * Whether somebody can open a message when nothing but the missing key keeps him from it: it is offered to him
 * as if it were for him.
 */
export async function canForceOpen(
  message: ReliableMessage,
  facebook: Facebook,
  reader: UserAccount,
): Promise<boolean> {
  const { protocol } = facebook;
  const { transceiver } = createReader(facebook);
  const verified = (await transceiver.verify(message)).message;
  const isForGroup = isGroupID(message.envelope.receiver);
  const own = isForGroup ? trimMessage(verified, reader.id, protocol) : verified;
  try {
    await transceiver.decrypt(own as typeof verified, reader.id);
    return true;
  } catch (error) {
    if (error instanceof DimpError) return false;
    throw error;
  }
}

/** To say no is an outcome like others; what nobody foresaw is a fault of the library. @throws {DimpError} */
export function requireForeseen(received: Received): Received {
  if (received.kind === 'rejected' && received.error.code === 'ERR_INTERNAL') throw received.error;
  return received;
}

/** The object of a message with its encrypted keys hidden: their padding is random, who has one is not. */
export function maskKeys(json: unknown): JsonObject {
  if (!isJsonObject(json)) return {};
  const { key, keys, ...rest } = json;
  return {
    ...rest,
    ...(key !== undefined && { key: hidden }),
    ...(isJsonObject(keys) && { keys: Object.fromEntries(Object.keys(keys).map(id => [id, hidden])) }),
  };
}

const hidden = '(an encrypted key)';
