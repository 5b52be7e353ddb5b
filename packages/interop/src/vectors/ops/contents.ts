import type { Protocol } from '@dimp/core';
import {
  exportKey,
  formatJson,
  isJsonObject,
  type JsonObject,
  JsonReader,
  type JsonValue,
  parseJson,
} from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import { type Content, commandProfile, formatContent, parseContent } from '@dimp/dkd';
import { formatProfile, parseProfile } from '@dimp/mkm';
import { HandshakeState, handshakeState, openStorage, receiptOrigin } from '@dimp/sdk';
import { userOf } from '../accounts.js';
import { VectorFormError } from '../case.js';
import type { Operation } from '../operation.js';
import { createWorld } from '../world.js';
import { buildContent } from './build-content.js';

/** Contents built, told apart and read. */
export const contentOperations: readonly Operation[] = [
  {
    code: 'content-build',
    run(input, { protocol, expected }) {
      const built = buildContent(
        input.text('factory'),
        new JsonReader(input.object('arguments'), 'arguments'),
        protocol,
      );
      const json = formatContent(built, protocol);
      const content = parseContent(json, protocol);
      const names = isJsonObject(expected['accessors']) ? Object.keys(expected['accessors']) : [];
      const accessors = names.map(name => [name, readAccessor(name, content, protocol)]);
      return {
        class: className(content),
        json,
        text: formatJson(json, 'Content'),
        accessors: Object.fromEntries(accessors) as JsonObject,
      };
    },
    // sn and time are free unless they were given; how the text is spelled is free too
    comparable(result, { input }) {
      const { json, text, accessors } = result;
      const given = isJsonObject(input['arguments']) ? input['arguments'] : {};
      return {
        class: result['class'] ?? null,
        json: withoutFree(json, given),
        text: withoutFree(typeof text === 'string' ? parseJson(text, 'text') : text, given),
        accessors: withoutFree(accessors, given),
      };
    },
  },
  {
    code: 'content-class',
    run: (input, { protocol }) => ({ class: className(parseContent(input.value('json'), protocol)) }),
  },
  {
    code: 'handshake-state',
    run(input, { protocol }) {
      const content = parseContent(input.value('json'), protocol);
      if (content.kind !== 'handshake-command') throw new VectorFormError('expected a handshake command');
      const number = handshakeState(content);
      return { state: stateName(number), number };
    },
  },
  {
    code: 'receipt-envelope',
    run(input, { protocol }) {
      const content = parseContent(input.value('json'), protocol);
      return { envelope: readAccessor('envelope', content, protocol) };
    },
  },
  {
    code: 'storage-decrypt',
    async run(input, { accounts, protocol }) {
      const account = userOf(accounts, input.value('user'));
      const user = await (await createWorld(accounts, protocol, { as: account })).user(account.id);
      const content = parseContent(input.value('json'), protocol);
      if (content.kind !== 'storage-command') throw new VectorFormError('expected a storage command');
      if (user === undefined) throw new VectorFormError(`expected a user, got ${account.id.text}`);
      const { key, plaintext } = await openStorage(content, user, protocol);
      return { key: exportKey(key), plaintext: encodeBase64(plaintext) };
    },
  },
];

/** The reference's class for a content: those it has none for are plain contents there. */
function className({ kind }: Content): string {
  const known = classes[kind];
  if (known !== undefined) return known;
  if (!kind.endsWith('-command')) return 'Content';
  const name = kind.split('-').map(word => word.charAt(0).toUpperCase() + word.slice(1));
  return name.join('');
}

const classes: { readonly [kind: string]: string } = {
  text: 'TextContent',
  file: 'FileContent',
  image: 'ImageContent',
  audio: 'AudioContent',
  video: 'VideoContent',
  forward: 'ForwardContent',
  'unknown-command': 'Command',
  // stations of 2020 knew them, the SDK of that time did not
  'report-command': 'Command',
  'search-command': 'Command',
  'users-command': 'Command',
  'unknown-history-command': 'HistoryCommand',
  'unknown-group-command': 'GroupCommand',
};

/** What the reference's accessor of a name gives: mostly the member of that name. */
function readAccessor(name: string, content: Content, protocol: Protocol): JsonValue {
  if (name === 'state' && content.kind === 'handshake-command') return stateName(handshakeState(content));
  if (name === 'envelope' && content.kind === 'receipt-command') {
    const { sender, receiver, time } = receiptOrigin(content) ?? {};
    return sender === undefined ? null : { sender, receiver: receiver ?? null, time: time ?? null };
  }
  if (name === 'title' && content.kind === 'storage-command') return content.title;
  if (name === 'profile' && content.kind === 'profile-command') {
    const profile = commandProfile(content);
    return profile === undefined ? null : formatProfile(parseProfile(profile, protocol));
  }
  return formatContent(content, protocol)[name] ?? null;
}

function stateName(state: HandshakeState): string {
  const [name = ''] = Object.entries(HandshakeState).find(([, number]) => number === state) ?? [];
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function withoutFree(json: JsonValue | undefined, given: JsonObject): JsonValue {
  if (!isJsonObject(json)) return json ?? null;
  const isFree = (name: string) => (name === 'sn' || name === 'time') && !Object.hasOwn(given, name);
  return Object.fromEntries(Object.entries(json).filter(([name]) => !isFree(name)));
}
