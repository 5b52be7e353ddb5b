import {
  describeJson,
  exportKey,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  limits,
  ParseError,
  parseSymmetricKey,
  type SymmetricKey,
} from '@dimp/crypto';
import { plainKey } from '@dimp/crypto/plain';
import { type ID, isBroadcastID, parseID } from '@dimp/mkm';
import type { KeyStore } from './key-store.js';
import type { Protocol } from './protocol.js';

/** One row of a key table: the message key of a direction. */
export interface KeyTableEntry {
  readonly sender: ID;
  /** A user or a group, never everybody. */
  readonly receiver: ID;
  readonly key: SymmetricKey;
}

/**
 * Reads a key table (v1.md 10), in the order in which it stands.
 *
 * Wire: `{ "<sender ID>": { "<receiver ID>": { algorithm, data, iv? } } }`. Rows for broadcast receivers are
 * passed over, as their key is always PLAIN.
 *
 * **A key table holds secrets**: whoever reads it reads all messages of its keys. Keep it where only its
 * owner gets at it, and out of logs.
 * @throws {ParseError} a name that is no ID, or a value that is no key; the error names the place and no key
 */
export function parseKeyTable(
  json: unknown,
  context: Pick<Protocol, 'addresses' | 'symmetric'>,
  path = 'KeyTable',
): readonly KeyTableEntry[] {
  const entries: KeyTableEntry[] = [];
  for (const [senderText, row] of entriesOf(json, path)) {
    const senderPlace = placeOf(path, senderText);
    const sender = parseID(senderText, context, senderPlace);
    for (const [receiverText, value] of entriesOf(row, senderPlace)) {
      const place = placeOf(senderPlace, receiverText);
      const receiver = parseID(receiverText, context, place);
      if (isBroadcastID(receiver)) continue;
      entries.push({ sender, receiver, key: parseSymmetricKey(value, context, place) });
    }
  }
  return entries;
}

/** Not by a reader, which is slow at many thousands of names. */
function entriesOf(json: unknown, path: string): readonly [string, JsonValue][] {
  if (isJsonObject(json)) return Object.entries(json);
  throw new ParseError(path, `expected an object, got ${describeJson(json)}`);
}

function placeOf(path: string, name: string): string {
  return `${path}[${JSON.stringify(name.slice(0, limits.idLength))}]`;
}

/**
 * The object of a key table, **secrets included**. Of two rows with the same ID texts the later one stays;
 * rows for broadcast receivers are left out.
 * @throws {UnsupportedError} a key that does not give its bytes away
 */
export function formatKeyTable(entries: Iterable<KeyTableEntry>): JsonObject {
  const table = new Map<string, Map<string, JsonObject>>();
  for (const { sender, receiver, key } of entries) {
    if (isBroadcastID(receiver)) continue;
    const row = table.get(sender.text) ?? new Map<string, JsonObject>();
    table.set(sender.text, row.set(receiver.text, exportKey(key)));
  }
  return Object.fromEntries([...table].map(([sender, row]) => [sender, Object.fromEntries(row)]));
}

/**
 * Puts the keys of a table into a key store, as keys that were received: they open messages that bring no
 * key, and none of them is used for sending again.
 * @param time when they were first seen, in seconds
 */
export async function saveKeyTable(
  entries: Iterable<KeyTableEntry>,
  keyStore: KeyStore,
  time: number,
): Promise<void> {
  for (const { sender, receiver, key } of entries) {
    if (!isBroadcastID(receiver)) await keyStore.saveKey(sender, receiver, { key, time, uses: 0 });
  }
}

/** Takes the keys of these directions out of a key store; directions without a key are left out. */
export async function loadKeyTable(
  keyStore: KeyStore,
  directions: Iterable<Pick<KeyTableEntry, 'sender' | 'receiver'>>,
): Promise<readonly KeyTableEntry[]> {
  const entries: KeyTableEntry[] = [];
  for (const { sender, receiver } of directions) {
    const found = isBroadcastID(receiver) ? undefined : await keyStore.loadKey(sender, receiver);
    if (found !== undefined) entries.push({ sender, receiver, key: found.key });
  }
  return entries;
}

/** The key of a direction: PLAIN when the receiver is everybody, else what the store has. */
export async function findMessageKey(
  keyStore: KeyStore,
  sender: ID,
  receiver: ID,
): Promise<SymmetricKey | undefined> {
  return isBroadcastID(receiver) ? plainKey : (await keyStore.loadKey(sender, receiver))?.key;
}
