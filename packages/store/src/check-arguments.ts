import { hasMember, mistaken } from '@dimp/crypto/check-arguments';
import type { Conversation, MessagePage } from '@dimp/sdk';

/**
 * Mistakes that a compiler would find, told to those who have none. Only what applications call is checked, once for
 * each call; inside, types are trusted.
 */

/** @throws {TypeError} */
export function checkStoreOptions(options: object): void {
  if (typeof options !== 'object' || options === null)
    throw mistaken('options', 'an object of options', options, 'write openStore({ location, passphrase })');
  const { location } = options as Readonly<Record<string, unknown>>;
  if (location !== undefined && typeof location !== 'string')
    throw mistaken('options.location', 'a text', location, 'it is the path of a folder, in browsers a name');
  // a setting that is missing in the environment must not leave open what was meant to be sealed
  if ('passphrase' in options)
    checkPassphrase(options.passphrase, 'options.passphrase', 'leave it out for a store that lies open');
}

/** @throws {TypeError} */
export function checkPassphrase(passphrase: unknown, name: string, advice: string): void {
  if (typeof passphrase !== 'string') throw mistaken(name, 'a text', passphrase, advice);
}

/** @throws {TypeError} */
export function checkConversation(conversation: Conversation): void {
  const isPair = hasMember(conversation, 'user') && hasMember(conversation, 'peer');
  if (!isPair) throw mistaken('conversation', '{ user, peer }', conversation, 'both are IDs');
  checkID(conversation.user, 'conversation.user');
  checkID(conversation.peer, 'conversation.peer');
}

/** @throws {TypeError} */
export function checkID(id: unknown, name: string): void {
  if (hasMember(id, 'key') && hasMember(id, 'address')) return;
  const advice = hasMember(id, 'id') ? 'the ID of a user is user.id' : 'facebook.parseID(text) reads one';
  throw mistaken(name, 'an ID', id, advice);
}

/** @throws {TypeError} @throws {RangeError} a limit that is no number of messages */
export function checkPage(page: MessagePage): void {
  const example = 'write { limit: 50 }';
  if (typeof page !== 'object' || page === null) throw mistaken('page', 'an object', page, example);
  for (const name of ['before', 'after', 'limit'] as const) {
    const value = page[name];
    if (value !== undefined && typeof value !== 'number')
      throw mistaken(`page.${name}`, 'a number', value, example);
  }
  const { limit = 0 } = page;
  const isCount = limit >= 0 && (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY);
  if (!isCount) {
    throw new RangeError(`page.limit: expected a whole number of 0 or more, got ${limit}; ${example}.`);
  }
}

/** @throws {TypeError} */
export function checkQuery(text: string): void {
  if (typeof text !== 'string')
    throw mistaken('text', 'what to search for', text, 'pass the words as a text');
}

/** @param account a store, or what else has its archive and protocol. @throws {TypeError} */
export function checkAccountPlace(account: unknown, name: string): void {
  if (hasMember(account, 'archive') && hasMember(account, 'protocol')) return;
  throw mistaken(name, 'a store or a Facebook', account, 'pass the whole of it, not a part');
}

/** @throws {TypeError} */
export function checkBackupText(text: unknown): void {
  if (typeof text !== 'string')
    throw mistaken('text', 'the text of a backup', text, "readFile(path, 'utf8') reads one");
}

/** @throws {TypeError} */
export function checkBackupOptions(options: { readonly parts?: unknown }): void {
  const example = 'write { parts: [conversationsPart(store)] }';
  if (typeof options !== 'object' || options === null)
    throw mistaken('options', 'an object of options', options, example);
  const { parts } = options;
  if (parts !== undefined && !Array.isArray(parts)) throw mistaken('options.parts', 'a list', parts, example);
}

/** @throws {TypeError} */
export function checkConversationsSource(source: unknown): void {
  if (hasMember(source, 'conversations') && hasMember(source, 'protocol')) return;
  throw mistaken('source', 'a store', source, 'write conversationsPart(store)');
}
