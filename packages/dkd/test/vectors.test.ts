import { type JsonObject, parseJsonObject, parseSymmetricKey, type SymmetricKey } from '@dimp/crypto';
import { decodeBase64, encodeBase64 } from '@dimp/crypto/format';
import { plainKey } from '@dimp/crypto/plain';
import { decryptUsable } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  decryptMessage,
  encryptedKeyFor,
  encryptMessage,
  formatContent,
  formatInstantMessage,
  formatReliableMessage,
  formatSecureMessage,
  isFileContent,
  parseContent,
  parseInstantMessage,
  parseReliableMessage,
  parseSecureMessage,
  signMessage,
  splitMessage,
  trimMessage,
  verifyMessage,
  withFileData,
} from '../src/index.js';
import {
  codeOf,
  context,
  decryptKeys,
  id,
  type MessageIn,
  type MessageOut,
  meta,
  privateKey,
  vectors,
} from './kit.js';

// the commands between clients and stations belong to another package
const elsewhere = new Set([
  'handshake',
  'login',
  'receipt',
  'block',
  'mute',
  'storage',
  'contacts',
  'private_key',
]);
const isOurs = (json: JsonObject): boolean => !elsewhere.has(String(json['command']));

/** What the reference calls the classes of our kinds. */
const classes: Readonly<Record<string, string>> = {
  text: 'TextContent',
  file: 'FileContent',
  image: 'ImageContent',
  audio: 'AudioContent',
  video: 'VideoContent',
  forward: 'ForwardContent',
  page: 'Content',
  quote: 'Content',
  money: 'Content',
  transfer: 'Content',
  'lucky-money': 'Content',
  'claim-payment': 'Content',
  'split-bill': 'Content',
  unknown: 'Content',
  'unknown-command': 'Command',
  'unknown-history-command': 'HistoryCommand',
  'unknown-group-command': 'GroupCommand',
  'meta-command': 'MetaCommand',
  'profile-command': 'ProfileCommand',
  'invite-command': 'InviteCommand',
  'expel-command': 'ExpelCommand',
  'join-command': 'JoinCommand',
  'quit-command': 'QuitCommand',
  'reset-command': 'ResetCommand',
  'query-command': 'QueryCommand',
};

describe('contents.json', () => {
  interface Built {
    readonly class: string;
    readonly json: JsonObject;
    readonly text: string;
  }
  const built = vectors<{ arguments: { then_data?: string } }, Built>('contents', 'content-build');

  it.each(built.filter(({ out }) => isOurs(out.json)))('$name', ({ in: given, out }) => {
    const content = parseContent(out.json, context);
    expect(classes[content.kind]).toBe(out.class);
    expect(formatContent(content, context)).toEqual(out.json);
    expect(parseContent(parseJsonObject(out.text, 'Content'), context)).toEqual(content);
    if (given.arguments.then_data === undefined || !isFileContent(content)) return;
    // the same name comes out when the data is set again
    expect(withFileData(content, content.data as Uint8Array)).toEqual(content);
  });

  const read = vectors<{ json: JsonObject }, { class: string }>('contents', 'content-class');

  it.each(read.filter(({ in: { json } }) => isOurs(json)))('$name', ({ in: { json }, out }) => {
    if (out.refused) expect(codeOf(() => parseContent(json, context))).toBe('ERR_PARSE');
    else expect(classes[parseContent(json, context).kind]).toBe(out.class);
  });
});

const messages = vectors<MessageIn, MessageOut>('messages', 'message');

describe('messages.json: reading and writing', () => {
  it.each(messages)('$name', ({ out }) => {
    expect(formatInstantMessage(parseInstantMessage(out.instant, context), context)).toEqual(out.instant);
    expect(formatSecureMessage(parseSecureMessage(out.secure, context))).toEqual(out.secure);
    expect(formatReliableMessage(parseReliableMessage(out.reliable, context))).toEqual(out.reliable);
    if (out.package !== undefined) {
      expect(parseJsonObject(out.package, 'Package')).toEqual(out.reliable);
    }
  });
});

describe('messages.json: making', () => {
  it.each(messages)('$name', async ({ in: { sender_account, key: keyJson }, out }) => {
    const key: SymmetricKey = keyJson === null ? plainKey : parseSymmetricKey(keyJson, context);
    const instant = parseInstantMessage(out.instant, context);
    const wanted = parseSecureMessage(out.secure, context);
    const encryptedKey = Uint8Array.of(1, 2, 3);
    const members = out.members?.map(member => id(member)) ?? [instant.envelope.receiver];
    const secure = await encryptMessage(instant, context, {
      key,
      recipients: members.map(member => ({ id: member, encryptedKey })),
      contentText: out.content_text,
    });
    // encrypted keys differ at every time; all else is the same
    const bare = { ...secure, encryptedKey: 'x', encryptedKeys: 'x' };
    expect(bare).toEqual({ ...wanted, encryptedKey: 'x', encryptedKeys: 'x' });
    expect([...(secure.encryptedKeys?.keys() ?? [])].sort()).toEqual(
      [...(wanted.encryptedKeys?.keys() ?? [])].sort(),
    );
    expect(secure.encryptedKey === undefined).toBe(wanted.encryptedKey === undefined);
    expect(encodeBase64(secure.data)).toBe(out.signed_bytes);
    const signed = await signMessage(wanted, privateKey(sender_account));
    const { meta: attached } = parseReliableMessage(out.reliable, context);
    expect(formatReliableMessage({ ...signed, ...(attached && { meta: attached }) })).toEqual(out.reliable);
  });
});

describe('messages.json: opening', () => {
  async function open(json: JsonObject, reader: string): Promise<JsonObject> {
    const message = parseReliableMessage(json, context);
    const encryptedKey = encryptedKeyFor(message, id(reader), context);
    const key =
      encryptedKey === undefined
        ? plainKey
        : await decryptUsable(decryptKeys(reader), decodeBase64(encryptedKey), plaintext => {
            try {
              return parseSymmetricKey(parseJsonObject(plaintext, 'Key'), context);
            } catch {
              return undefined;
            }
          });
    const { content } = await decryptMessage(message, key, context);
    return formatContent(content, context);
  }

  it.each(messages)('$name', async ({ in: { sender_account }, out }) => {
    const message = parseReliableMessage(out.reliable, context);
    expect(await verifyMessage(message, [meta(sender_account).key])).toBeDefined();
    expect(await verifyMessage(message, [meta('provider').key])).toBeUndefined();
    for (const reader of out.readers) expect(await open(out.reliable, reader)).toEqual(out.content);
    for (const other of out.not_readers) {
      // without an entry the message brings no key for him; what is then tried gives nothing either
      await expect(open(out.reliable, other)).rejects.toMatchObject({ code: 'ERR_DECRYPT' });
    }
  });
});

describe('messages.json: split and trim', () => {
  const group = messages.filter(({ out }) => out.split !== undefined);

  it.each(group)('$name', ({ out }) => {
    const message = parseReliableMessage(out.reliable, context);
    const wanted = Object.values(out.split ?? {}) as JsonObject[];
    const members = wanted.map(json => id(String(json['receiver'])));
    expect(splitMessage(message, members, context).map(formatReliableMessage)).toEqual(wanted);
    expect(members.map(member => formatReliableMessage(trimMessage(message, member, context)))).toEqual(
      wanted,
    );
  });

  it.each(
    vectors<{ message: JsonObject; members: readonly string[] }, { messages: JsonObject[] }>(
      'messages',
      'split',
    ),
  )('$name', ({ in: { message, members }, out }) => {
    const parsed = parseReliableMessage(message, context);
    const split = splitMessage(
      parsed,
      members.map(member => id(member)),
      context,
    );
    expect(split.map(formatReliableMessage)).toEqual(out.messages);
  });

  it.each(vectors<{ message: JsonObject; member: string }, { message: JsonObject }>('messages', 'trim'))(
    '$name',
    ({ in: { message, member }, out }) => {
      const trimmed = trimMessage(parseReliableMessage(message, context), id(member), context);
      expect(formatReliableMessage(trimmed)).toEqual(out.message);
    },
  );
});

describe('refusals.json: what cannot be read', () => {
  const cases = vectors<{ message: JsonObject }, { why?: string }>('refusals', 'unpack');

  it.each(cases.filter(({ out }) => out.why === 'field missing' || out.why === 'ID'))(
    '$name',
    ({ in: given }) => {
      expect(codeOf(() => parseReliableMessage(given.message, context))).toBe('ERR_PARSE');
    },
  );

  it.each(cases.filter(({ out }) => out.why !== 'field missing' && out.why !== 'ID'))(
    'comes back as it was read: $name',
    ({ in: { message } }) => {
      const code = codeOf(() => {
        const written = formatReliableMessage(parseReliableMessage(message, context));
        // white space in base64 is taken out
        const plain = { ...message, data: String(message['data']).replace(/\n/g, '') };
        const kept = String(message['data']).startsWith('{') ? message : plain;
        expect(written).toEqual(kept);
      });
      expect([undefined, 'ERR_PARSE']).toContain(code);
    },
  );
});
