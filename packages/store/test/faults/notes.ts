// What the children of the fault tests write, and how it is looked at afterwards; no test runner in here.
import { aes } from '@dimp/crypto/aes';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { createInstantMessage, createText, parseReliableMessage } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { type Conversation, conversationName, defaultProtocol } from '@dimp/sdk';
import { testUsers } from '@dimp/sdk/test-users';
import type { Store } from '../../src/index.js';
import { getJson, putJson } from '../../src/json-records.js';
import type { OpenedStore } from '../../src/opened-store.js';
import { sequenceOf } from '../../src/record-key.js';
import type { Schema } from '../../src/schema.js';
import { schemaNumber } from '../../src/schema-number.js';

const protocol = defaultProtocol();
const [user, peer] = [parseID(testUsers.hulk.id, protocol), parseID(testUsers.moki.id, protocol)];
const conversation: Conversation = { user, peer };
const key = await aes.generateKey();
/** Late enough never to run out. */
const time = 10_000_000_000;

/** What costs a millisecond. */
export const cost: { readonly N: number; readonly r: number; readonly p: number } = { N: 2, r: 1, p: 1 };

/** All that one message changes: itself with counts and index, its key, a replay entry, and an answer to go out. */
export async function addNote(store: Store, note: string): Promise<void> {
  await store.unit(async ({ conversations, keyStore, outbox, replay }) => {
    const message = createInstantMessage({ sender: peer, receiver: user, time }, createText(note));
    await conversations.add(conversation, { message, direction: 'in', state: 'received', time });
    await keyStore.saveKey(peer, user, { key, time, uses: 1 });
    await replay.add(note, time);
    await outbox.add({ message: answerTo(note), isLast: true });
  });
}

/** What is in a store, and whether its parts agree with each other. */
export interface NoteReport {
  /** In their order. */
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

export async function readNotes(store: Store): Promise<NoteReport> {
  const { conversations, keyStore, outbox, replay } = store;
  const notes = await listNotes(store);
  const summary = await conversations.loadSummary(conversation);
  const answers = (await outbox.list()).map(({ message }) => new TextDecoder().decode(message.data));
  const { isGood } = await store.verify();
  const problems: string[] = [];
  const expectEqual = (what: string, found: unknown, expected: unknown): void => {
    if (found !== expected) problems.push(`${what}: expected ${expected}, found ${found}`);
  };
  expectEqual('verify', isGood, true);
  expectEqual('different notes', new Set(notes).size, notes.length);
  expectEqual('count', summary?.count ?? 0, notes.length);
  expectEqual('unread', summary?.unread ?? 0, notes.length);
  expectEqual('answers', answers.join(), notes.join());
  expectEqual('key', (await keyStore.loadKey(peer, user)) !== undefined, notes.length > 0);
  for (const note of notes) expectEqual(`replay of ${note}`, await replay.has(note), true);
  return { notes, problems };
}

/** What is in the conversation, oldest first. */
export async function listNotes({ conversations }: Store): Promise<readonly string[]> {
  const messages = await conversations.list(conversation, { after: 0, limit: Number.MAX_SAFE_INTEGER });
  return messages.map(({ message: { content } }) => (content.kind === 'text' ? content.text : content.kind));
}

/** Counts in every message how often it was migrated, some messages in each step. */
export const schemaAhead: Schema = {
  number: schemaNumber + 1,
  migrations: [
    {
      to: schemaNumber + 1,
      async step(records, keys, cursor) {
        const bounds = { from: Number(cursor ?? 0), limit: messagesPerStep };
        const entries = await records.list(keys.sequence('message', conversationName(conversation), bounds));
        for (const { key } of entries) {
          const json = (await getJson(records, key)) ?? {};
          putJson(records, key, { ...json, migrated: Number(json['migrated'] ?? 0) + 1 });
        }
        const last = entries.at(-1);
        return entries.length < messagesPerStep || last === undefined
          ? undefined
          : String(sequenceOf(last.key) + 1);
      },
    },
  ],
};

const messagesPerStep = 5;

/** How often each message was migrated. */
export async function countMigrations({ keys, ledger }: OpenedStore): Promise<readonly unknown[]> {
  const entries = await ledger.list(keys.sequence('message', conversationName(conversation)));
  return entries.map(({ value }) => value && JSON.parse(new TextDecoder().decode(value)).migrated);
}

function answerTo(note: string): ReturnType<typeof parseReliableMessage> {
  const data = encodeBase64(encodeUtf8(note));
  const head = { sender: user.text, receiver: peer.text, time };
  return parseReliableMessage({ ...head, data, key: data, signature: data }, protocol);
}
