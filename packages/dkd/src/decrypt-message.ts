import { DecryptError, type JsonObject, parseJsonObject, type SymmetricKey } from '@dimp/crypto';
import { type ID, parseID } from '@dimp/mkm';
import { parseContent } from './content.js';
import type { MessageContext } from './context.js';
import { type Envelope, isBroadcast } from './envelope.js';
import type { InstantMessage } from './instant-message.js';
import type { SecureMessage } from './secure-message.js';

/**
 * The encrypted message key for a receiver, as base64 text: `key`, else the entry for him in `keys` by exact
 * text, else by ID equality; undefined when there is none (v1.md 9.5).
 */
export function encryptedKeyFor(
  message: SecureMessage,
  receiver: ID,
  context: Pick<MessageContext, 'addresses'>,
): string | undefined {
  const { encryptedKey, encryptedKeys } = message;
  return encryptedKey ?? (encryptedKeys && keyFinder(encryptedKeys, context)(receiver));
}

/**
 * Finds the entries of members among encrypted keys: by exact text first, then by ID equality. Entries that
 * are no IDs are passed over.
 */
export function keyFinder(
  keys: ReadonlyMap<string, string>,
  context: Pick<MessageContext, 'addresses'>,
): (member: ID) => string | undefined {
  // reading an ID costs two digests, so only those with the right address are read
  let byAddress: ReadonlyMap<string, readonly string[]> | undefined;
  return member => {
    const exact = keys.get(member.text) ?? keys.get(member.key);
    if (exact !== undefined) return exact;
    byAddress ??= groupByAddress(keys.keys());
    const texts = byAddress.get(member.address.text.toLowerCase());
    const found = texts?.find(text => isID(text, member, context));
    return found === undefined ? undefined : keys.get(found);
  };
}

/** ID texts by what stands where the address should be, in small letters. */
function groupByAddress(texts: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const text of texts) {
    const [front = ''] = text.split('/', 1);
    const address = front.slice(front.indexOf('@') + 1).toLowerCase();
    const group = groups.get(address);
    if (group === undefined) groups.set(address, [text]);
    else group.push(text);
  }
  return groups;
}

function isID(text: string, id: ID, context: Pick<MessageContext, 'addresses'>): boolean {
  try {
    return parseID(text, context).key === id.key;
  } catch {
    // an entry that is no ID, such as the key digest of generation 2, is nobody's
    return false;
  }
}

/** The bytes of a content in the clear. A broadcast's are its data. @throws {DecryptError} */
export function decryptData(message: SecureMessage, key: SymmetricKey): Promise<Uint8Array> {
  return isBroadcast(message.envelope) ? Promise.resolve(message.data) : key.decrypt(message.data);
}

/**
 * Reads the content object of a decrypted message.
 * @throws {DecryptError} an encrypted message in which no JSON object was found: altered data must not tell
 *   whether its padding was good
 * @throws {ParseError} a broadcast that is no JSON object
 */
export function readDecrypted(
  plaintext: Uint8Array,
  envelope: Pick<Envelope, 'receiver' | 'group'>,
): JsonObject {
  if (isBroadcast(envelope)) return parseJsonObject(plaintext, 'Content');
  try {
    return parseJsonObject(plaintext, 'Content');
  } catch {
    throw new DecryptError();
  }
}

/** Decrypts a message with a key (v1.md 9.5). @throws {DecryptError} @throws {ParseError} */
export async function decryptMessage(
  message: SecureMessage,
  key: SymmetricKey,
  context: MessageContext,
): Promise<InstantMessage> {
  const json = readDecrypted(await decryptData(message, key), message.envelope);
  return { envelope: message.envelope, content: parseContent(json, context), extra: message.extra };
}
