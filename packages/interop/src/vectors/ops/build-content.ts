import type { Protocol } from '@dimp/core';
import { type JsonReader, UnsupportedError } from '@dimp/crypto';
import {
  type AnyFileContent,
  type Content,
  type ContentOptions,
  ContentType,
  createAudio,
  createFile,
  createForward,
  createGroupCommand,
  createHead,
  createImage,
  createMetaCommand,
  createProfileCommand,
  createProfileQuery,
  createText,
  createVideo,
  type FileOptions,
  type GroupCommand,
  type GroupCommandMembers,
  type GroupCommandName,
  parseReliableMessage,
  withFileData,
} from '@dimp/dkd';
import { type ID, parseID, parseMeta, parseProfile } from '@dimp/mkm';
import {
  createContactList,
  createHandshake,
  createLogin,
  createReceipt,
  createStorage,
  type ReceiptCommand,
} from '@dimp/sdk';
import { parseAnySymmetricKey } from './keys.js';

/** Makes a content of the arguments of one of the reference's factories. */
type Factory = (input: JsonReader, protocol: Protocol) => Content;

/** @throws {UnsupportedError} a factory that nothing here stands for */
export function buildContent(factory: string, input: JsonReader, protocol: Protocol): Content {
  const build = factories.get(factory);
  if (build === undefined)
    throw new UnsupportedError('content factory', factory, 'add it to build-content.ts.');
  return build(input, protocol);
}

const factories: ReadonlyMap<string, Factory> = new Map<string, Factory>([
  ['TextContent', (input, protocol) => createText(input.text('text'), headOf(input, protocol))],
  ['FileContent', (input, protocol) => withLaterData(createFile(fileOf(input, protocol)), input)],
  [
    'ImageContent',
    (input, protocol) => {
      const thumbnail = input.optionalBytes('thumbnail');
      return withLaterData(
        createImage({ ...fileOf(input, protocol), ...(thumbnail && { thumbnail }) }),
        input,
      );
    },
  ],
  [
    'AudioContent',
    (input, protocol) => {
      const text = input.optionalText('text');
      const audio = createAudio({ ...fileOf(input, protocol), ...(text !== undefined && { text }) });
      return withLaterData(audio, input);
    },
  ],
  [
    'VideoContent',
    (input, protocol) => {
      const snapshot = input.optionalBytes('snapshot');
      return withLaterData(createVideo({ ...fileOf(input, protocol), ...(snapshot && { snapshot }) }), input);
    },
  ],
  [
    'ForwardContent',
    (input, protocol) =>
      createForward(parseReliableMessage(input.value('forward'), protocol), headOf(input, protocol)),
  ],
  [
    'Command',
    (input, protocol) => ({
      ...createHead(ContentType.command, headOf(input, protocol)),
      kind: 'unknown-command',
      command: input.text('command'),
    }),
  ],
  [
    'HistoryCommand',
    (input, protocol) => ({
      ...createHead(ContentType.history, timedHeadOf(input, protocol)),
      kind: 'unknown-history-command',
      command: input.text('command'),
    }),
  ],
  [
    'GroupCommand',
    (input, protocol) => ({
      ...createHead(ContentType.history, timedHeadOf(input, protocol)),
      kind: 'unknown-group-command',
      command: input.text('command'),
      ...membersOf(input, protocol),
    }),
  ],
  ['MetaCommand.query', (input, protocol) => createMetaCommand(idOf(input, 'ID', protocol))],
  [
    'MetaCommand.response',
    (input, protocol) =>
      createMetaCommand(idOf(input, 'ID', protocol), parseMeta(input.value('meta'), protocol)),
  ],
  [
    'ProfileCommand.query',
    (input, protocol) => {
      const signature = input.optionalText('signature');
      return {
        ...createProfileQuery(idOf(input, 'ID', protocol)),
        ...(signature !== undefined && { signature }),
      };
    },
  ],
  [
    'ProfileCommand.response',
    (input, protocol) => {
      const meta = input.value('meta');
      const profile = parseProfile(input.value('profile'), protocol);
      return createProfileCommand(
        idOf(input, 'ID', protocol),
        profile,
        meta === undefined ? undefined : parseMeta(meta, protocol),
      );
    },
  ],
  ...(['start', 'again', 'restart', 'success'] as const).map((step): [string, Factory] => [
    `HandshakeCommand.${step}`,
    input => createHandshake(step, input.optionalText('session')),
  ]),
  [
    'LoginCommand',
    (input, protocol) => {
      const device = input.optionalText('device');
      const agent = input.optionalText('agent');
      const station = input.optionalObject('station');
      const provider = input.optionalObject('provider');
      return createLogin(idOf(input, 'ID', protocol), {
        time: timeOf(input),
        ...(device !== undefined && { device }),
        ...(agent !== undefined && { agent }),
        ...(station && { station }),
        ...(provider && { provider }),
      });
    },
  ],
  ['ReceiptCommand', buildReceipt],
  ['BlockCommand', (input, protocol) => createContactList('block', listOf(input, 'list', protocol))],
  ['MuteCommand', (input, protocol) => createContactList('mute', listOf(input, 'list', protocol))],
  [
    'StorageCommand',
    (input, protocol) => {
      const id = input.value('ID') === undefined ? undefined : idOf(input, 'ID', protocol);
      const data = input.optionalBytes('data');
      const key = input.optionalBytes('key');
      return createStorage(input.text('title'), {
        ...(id && { id }),
        ...(data && { data }),
        ...(key && { key }),
      });
    },
  ],
  ...(['invite', 'expel', 'join', 'quit', 'reset', 'query'] as const).flatMap((name): [string, Factory][] => {
    const build: Factory = (input, protocol) => buildGroupCommand(name, input, protocol);
    return [
      [`GroupCommand.${name}`, build],
      [`${name.charAt(0).toUpperCase()}${name.slice(1)}Command`, build],
    ];
  }),
]);

function buildReceipt(input: JsonReader, protocol: Protocol): ReceiptCommand {
  const json = input.optionalObject('envelope');
  const serialNumber = input.optionalInteger('sn');
  const number = serialNumber !== undefined && { serialNumber };
  if (json === undefined) return createReceipt(input.text('message'), undefined, { ...number });
  const sender = parseID(json['sender'], protocol);
  const receiver = parseID(json['receiver'], protocol);
  const { time } = json;
  const envelope = { sender, receiver, ...(typeof time === 'number' && { time }) };
  return createReceipt(input.text('message'), { envelope, ...number });
}

function buildGroupCommand(name: GroupCommandName, input: JsonReader, protocol: Protocol): GroupCommand {
  const command = createGroupCommand(name, idOf(input, 'group', protocol), [], { time: timeOf(input) });
  return { ...command, ...membersOf(input, protocol) };
}

function membersOf(input: JsonReader, protocol: Protocol): GroupCommandMembers {
  const members = listOf(input, 'members', protocol);
  if (members !== undefined) return { members };
  return input.value('member') === undefined ? {} : { member: idOf(input, 'member', protocol) };
}

function fileOf(input: JsonReader, protocol: Protocol): FileOptions {
  const filename = input.optionalText('filename');
  const data = input.optionalBytes('data');
  const url = input.optionalText('URL');
  const password = input.value('password');
  return {
    ...headOf(input, protocol),
    ...(filename !== undefined && { filename }),
    ...(data && { data }),
    ...(url !== undefined && { url }),
    ...(password !== undefined && { password: parseAnySymmetricKey(password, protocol) }),
  };
}

function withLaterData<C extends AnyFileContent>(content: C, input: JsonReader): C {
  const data = input.optionalBytes('then_data');
  return data === undefined ? content : withFileData(content, data);
}

function headOf(input: JsonReader, protocol: Protocol): ContentOptions {
  return input.value('group') === undefined ? {} : { group: idOf(input, 'group', protocol) };
}

function timedHeadOf(input: JsonReader, protocol: Protocol): ContentOptions {
  return { ...headOf(input, protocol), time: timeOf(input) };
}

function timeOf(input: JsonReader): number {
  return input.optionalNumber('time') ?? Math.floor(Date.now() / 1000);
}

function idOf(input: JsonReader, name: string, protocol: Protocol): ID {
  return parseID(input.value(name), protocol, input.at(name));
}

function listOf(input: JsonReader, name: string, protocol: Protocol): readonly ID[] | undefined {
  return input.optionalList(name)?.map(id => parseID(id, protocol, input.at(name)));
}
