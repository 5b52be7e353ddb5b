import { formatPackage } from '@dimp/core';
import {
  exportKey,
  isJsonObject,
  type JsonObject,
  JsonReader,
  type JsonValue,
  parseJsonObject,
} from '@dimp/crypto';
import { decodeUtf8, encodeBase64 } from '@dimp/crypto/format';
import { plainKey } from '@dimp/crypto/plain';
import {
  formatContent,
  formatInstantMessage,
  formatReliableMessage,
  formatSecureMessage,
  type InstantMessage,
  parseContent,
  parseReliableMessage,
  type ReliableMessage,
  signMessage,
  splitMessage,
  trimMessage,
} from '@dimp/dkd';
import { formatMeta, type ID, isGroupID, parseID } from '@dimp/mkm';
import { userOf } from '../accounts.js';
import {
  canForceOpen,
  createReader,
  type Encrypted,
  encryptGiven,
  maskKeys,
  requireForeseen,
} from '../exchange.js';
import { type CaseContext, expectEqual, type Operation } from '../operation.js';
import { createWorld } from '../world.js';
import { parseAnySymmetricKey } from './keys.js';

/** Messages in all their stages. */
export const messageOperations: readonly Operation[] = [
  { code: 'message', run: runMessage, comparable: comparableMessage },
  {
    code: 'sequence',
    async run(input, { accounts, protocol }) {
      const as = userOf(accounts, input.value('as'));
      const reader = createReader(await createWorld(accounts, protocol, { as }));
      const contents: JsonValue[] = [];
      for (const json of input.optionalList('messages') ?? []) {
        const received = requireForeseen(
          await reader.processMessage(parseReliableMessage(json, protocol), { as: as.id }),
        );
        const isOpen = received.kind === 'accepted';
        contents.push(isOpen ? formatContent(received.message.content, protocol) : received.kind);
      }
      return { contents };
    },
  },
  {
    code: 'split',
    run(input, { protocol }) {
      const message = parseReliableMessage(input.value('message'), protocol);
      const members = (input.optionalList('members') ?? []).map(id => parseID(id, protocol));
      return { messages: splitMessage(message, members, protocol).map(formatReliableMessage) };
    },
  },
  {
    code: 'trim',
    run(input, { protocol }) {
      const message = parseReliableMessage(input.value('message'), protocol);
      const member = parseID(input.value('member'), protocol);
      return { message: formatReliableMessage(trimMessage(message, member, protocol)) };
    },
  },
];

async function runMessage(input: JsonReader, context: CaseContext): Promise<JsonObject> {
  const { accounts, protocol, expected } = context;
  const reference = new JsonReader(expected, 'out');
  const as = userOf(accounts, input.value('sender_account'));
  const facebook = await createWorld(accounts, protocol, { as });
  const instant = parseInstant(input, context);
  const keyJson = input.value('key');
  const key = keyJson === undefined ? plainKey : parseAnySymmetricKey(keyJson, protocol);
  const contentText = reference.text('content_text');
  const encrypted = await encryptGiven(instant, facebook, { key, contentText });
  const signed = await signMessage(encrypted.message, as.keys().metaKey);
  const isIntroduced = input.value('attach_meta') === true;
  const reliable = isIntroduced ? { ...signed, meta: formatMeta(as.meta) } : signed;
  const theirs = parseReliableMessage(reference.value('reliable'), protocol);
  const members = isGroupID(instant.envelope.receiver)
    ? await facebook.loadMembers(instant.envelope.receiver)
    : [];
  checkSplitting(theirs, members ?? [], reference, context);
  return {
    instant: formatInstantMessage(instant, protocol),
    content_text: JSON.stringify(encrypted.contentJson),
    key: exportKey(key),
    secure: formatSecureMessage(encrypted.message),
    reliable: formatReliableMessage(reliable),
    package: decodeUtf8(formatPackage(reliable)),
    signed_bytes: encodeBase64(encrypted.message.data),
    members: (members ?? []).map(id => id.text),
    split: splitMessage(reliable, members ?? [], protocol).map(formatReliableMessage),
    cache: slotOf(encrypted),
    ...(await readBoth(theirs, reliable, reference, context)),
  };
}

/** Splitting and trimming are deterministic for the reference's own message, encrypted keys included. */
function checkSplitting(
  message: ReliableMessage,
  members: readonly ID[],
  reference: JsonReader,
  { protocol }: CaseContext,
): void {
  const expected = reference.optionalList('split');
  if (expected === undefined) return;
  const parts = splitMessage(message, members, protocol).map(formatReliableMessage);
  expectEqual(parts, expected, 'split of the reference message');
  const trimmed = members.map(member => formatReliableMessage(trimMessage(message, member, protocol)));
  expectEqual(trimmed, expected, 'the reference message, trimmed');
}

/** Who can open the reference's message and ours, and what he finds. */
async function readBoth(
  theirs: ReliableMessage,
  ours: ReliableMessage,
  reference: JsonReader,
  context: CaseContext,
): Promise<JsonObject> {
  const readers: JsonValue[] = [];
  const strangers: JsonValue[] = [];
  let content: JsonValue = null;
  for (const label of reference.optionalList('readers') ?? []) {
    const [first, second] = [await open(theirs, label, context), await open(ours, label, context)];
    expectEqual(second, first, `what ${String(label)} finds in our message`);
    if (first !== null) readers.push(label);
    content = first;
  }
  for (const label of reference.optionalList('not_readers') ?? []) {
    const reader = userOf(context.accounts, label);
    const facebook = await createWorld(context.accounts, context.protocol, { as: reader });
    const isOpen =
      (await canForceOpen(theirs, facebook, reader)) || (await canForceOpen(ours, facebook, reader));
    if (!isOpen) strangers.push(label);
  }
  return { readers, not_readers: strangers, content };
}

async function open(message: ReliableMessage, label: JsonValue, context: CaseContext): Promise<JsonValue> {
  const { accounts, protocol } = context;
  const as = userOf(accounts, label);
  const reader = createReader(await createWorld(accounts, protocol, { as }));
  const received = requireForeseen(await reader.processMessage(message, { as: as.id }));
  return received.kind === 'accepted' ? formatContent(received.message.content, protocol) : null;
}

function parseInstant(input: JsonReader, { protocol }: CaseContext): InstantMessage {
  const group = input.value('group');
  const time = input.optionalNumber('time');
  const content = { ...input.object('content'), ...(group !== undefined && { group }) };
  return {
    envelope: {
      sender: parseID(input.value('sender'), protocol),
      receiver: parseID(input.value('receiver'), protocol),
      ...(time !== undefined && { time }),
    },
    content: parseContent(content, protocol),
    extra: {},
  };
}

function slotOf({ slot }: Encrypted): JsonValue {
  return slot === undefined ? null : { from: slot.sender.text, to: slot.target.text };
}

/** Encrypted keys differ each time, texts are spelled freely, and slots compare without terminals. */
function comparableMessage(result: JsonObject, { protocol }: CaseContext): JsonObject {
  const { secure, reliable, package: packageText, content_text: contentText, split, cache, ...rest } = result;
  const slot = isJsonObject(cache)
    ? { from: parseID(cache['from'], protocol).key, to: parseID(cache['to'], protocol).key }
    : (cache ?? null);
  return {
    ...rest,
    secure: maskKeys(secure),
    reliable: maskKeys(reliable),
    ...(typeof packageText === 'string' && { package: maskKeys(parseJsonObject(packageText, 'package')) }),
    ...(typeof contentText === 'string' && { content_text: parseJsonObject(contentText, 'content_text') }),
    ...(Array.isArray(split) && { split: split.map(maskKeys) }),
    cache: slot,
  };
}
