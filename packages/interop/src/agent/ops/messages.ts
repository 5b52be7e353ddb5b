import { findMessageKey, formatPackage } from '@dimp/core';
import { exportKey, type JsonReader, type JsonValue } from '@dimp/crypto';
import { decodeUtf8 } from '@dimp/crypto/format';
import {
  formatContent,
  formatInstantMessage,
  formatReliableMessage,
  formatSecureMessage,
  type InstantMessage,
  splitMessage,
  trimMessage,
} from '@dimp/dkd';
import { formatMeta, isGroupID } from '@dimp/mkm';
import { readContent, readFlag, readID, readIDs, readMessage, readOptionalKey } from '../arguments.js';
import type { AgentContext, AgentOperation } from '../operation.js';
import { requireAccepted, SuspendedError } from '../received.js';

/** Messages packed and opened, and the keys that are kept of them. */
export const messageOperations: readonly AgentOperation[] = [
  { code: 'pack', run: pack },
  { code: 'unpack', run: unpack },
  {
    code: 'split',
    run(args, { session: { protocol } }) {
      const message = readMessage(args, protocol);
      return splitMessage(message, readIDs(args, 'members', protocol), protocol).map(formatReliableMessage);
    },
  },
  {
    code: 'trim',
    run(args, { session: { protocol } }) {
      const message = readMessage(args, protocol);
      return formatReliableMessage(trimMessage(message, readID(args, 'member', protocol), protocol));
    },
  },
  {
    code: 'verify',
    async run(args, { session }) {
      const { facebook, protocol } = session;
      const as = await session.requireLocalUser(readID(args, 'as', protocol));
      const message = readMessage(args, protocol);
      const { sender } = message.envelope;
      if (message.meta === undefined && (await facebook.loadMeta(sender)) === undefined) {
        throw new SuspendedError(sender.text);
      }
      return formatSecureMessage((await session.transceiverOf(as).verify(message)).message);
    },
  },
  {
    code: 'get_key',
    async run(args, { session }) {
      const { protocol } = session;
      const keyStore = session.keysOf(readID(args, 'as', protocol));
      const [sender, receiver] = [readID(args, 'sender', protocol), readID(args, 'receiver', protocol)];
      const key = await findMessageKey(keyStore, sender, receiver);
      return key === undefined ? null : exportKey(key);
    },
  },
  {
    code: 'set_key',
    run(args, { session }) {
      const { protocol } = session;
      const key = readOptionalKey(args, protocol) ?? args.missing('key', 'a symmetric key');
      const [sender, receiver] = [readID(args, 'sender', protocol), readID(args, 'receiver', protocol)];
      session.keysOf(readID(args, 'as', protocol)).pin(sender, receiver, key, session.now());
      return true;
    },
  },
  {
    code: 'forget_keys',
    run(args, { session }) {
      session.keysOf(readID(args, 'as', session.protocol)).clear();
      return true;
    },
  },
];

async function pack(args: JsonReader, { session }: AgentContext): Promise<JsonValue> {
  const { facebook, protocol } = session;
  const sender = await session.requireLocalUser(readID(args, 'sender', protocol));
  const receiver = readID(args, 'receiver', protocol);
  // a time of 0 stands for now (v1.md 7.1)
  const time = args.optionalNumber('time') || session.now();
  const instant: InstantMessage = {
    envelope: { sender, receiver, time },
    content: readContent(args, protocol),
    extra: {},
  };
  const transceiver = session.transceiverOf(sender, {
    bind: readFlag(args, 'bind'),
    key: readOptionalKey(args, protocol),
  });
  const { message: secure, key } = await transceiver.encrypt(instant);
  const signed = await transceiver.sign(secure);
  const meta = readFlag(args, 'attach_meta') ? await facebook.loadMeta(sender) : undefined;
  const reliable = meta === undefined ? signed : { ...signed, meta: formatMeta(meta) };
  if (!readFlag(args, 'stages')) return formatReliableMessage(reliable);
  return {
    instant: formatInstantMessage(instant, protocol),
    secure: formatSecureMessage(secure),
    reliable: formatReliableMessage(reliable),
    key: exportKey(key),
    package: decodeUtf8(formatPackage(reliable)),
  };
}

async function unpack(args: JsonReader, { session }: AgentContext): Promise<JsonValue> {
  const { protocol } = session;
  const as = await session.requireLocalUser(readID(args, 'as', protocol));
  const message = readMessage(args, protocol);
  const messenger = session.messengerOf(as, { processors: [], replay: false });
  const received = await messenger.processMessage(message, { as });
  await messenger.close();
  const opened = requireAccepted(received).message;
  const content = formatContent(opened.content, protocol);
  if (!readFlag(args, 'stages')) return content;
  const { transceiver } = messenger;
  const { message: secure } = await transceiver.verify(message);
  const own = isGroupID(message.envelope.receiver) ? trimMessage(secure, as, protocol) : secure;
  const { key } = await transceiver.decrypt(own as typeof secure, as);
  return {
    secure: formatSecureMessage(secure),
    instant: formatInstantMessage(opened, protocol),
    content,
    key: exportKey(key),
  };
}
