import { exportKey, type JsonObject } from '@dimp/crypto';
import { plainKey } from '@dimp/crypto/plain';
import { formatContent, parseReliableMessage, trimMessage } from '@dimp/dkd';
import { equalID, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { formatPackage, parsePackage } from '../src/index.js';
import { codeOf, id, instant, type Machine, machine, names, open, protocol, vectors } from './kit.js';

interface MessageOut {
  readonly reliable: JsonObject;
  readonly package?: string;
  readonly content: JsonObject;
  readonly readers: readonly string[];
  readonly not_readers: readonly string[];
  readonly cache: { readonly from: string; readonly to: string } | null;
  readonly key: JsonObject | null;
}

describe('messages.json: every message is opened by its readers and by nobody else', () => {
  it.each(vectors<object, MessageOut>('messages', 'message'))('$name', async ({ out }) => {
    const message = parseReliableMessage(out.reliable, protocol);
    for (const reader of out.readers) {
      const on = machine(reader);
      const opened = await open(on, message, reader);
      expect(formatContent(opened.message.content, protocol)).toEqual(out.content);
      expect(opened.protection).toMatchObject({ bound: false, generation: 1 });
      expect(opened.protection.encryption === undefined).toBe(out.cache === null);
      if (out.cache === null || out.key === null) continue;
      // the slot of the sender is one of the receiver's too
      const entry = await on.keyStore.loadKey(id(out.cache.from), id(out.cache.to));
      expect(exportKey(entry?.key ?? plainKey)).toMatchObject(out.key);
    }
    for (const other of out.not_readers) {
      expect(['ERR_DECRYPT', 'ERR_NOT_FOUND']).toContain(await codeOf(open(machine(other), message, other)));
    }
  });

  it('packages are read and written', () => {
    const written = vectors<object, MessageOut>('messages', 'message').filter(({ out }) => out.package);
    expect(written.length).toBeGreaterThan(10);
    for (const { out } of written) {
      const message = parsePackage(out.package as string, protocol);
      expect(JSON.parse(Buffer.from(formatPackage(message)).toString())).toEqual(out.reliable);
    }
  });
});

describe('messages.json: sequences', () => {
  it.each(
    vectors<{ as: string; messages: JsonObject[] }, { contents: JsonObject[] }>('messages', 'sequence'),
  )('$name', async ({ in: given, out }) => {
    const on = machine(given.as);
    for (const [index, json] of given.messages.entries()) {
      const opened = await open(on, parseReliableMessage(json, protocol), given.as);
      expect(formatContent(opened.message.content, protocol)).toEqual(out.contents[index]);
    }
  });
});

describe('messages.json: packing with metas that are not here', () => {
  interface PackIn {
    readonly sender: string;
    readonly receiver: string;
    readonly known_metas: readonly string[];
  }
  it.each(vectors<PackIn, { key_owners?: string[]; message?: null; suspended: number }>('messages', 'pack'))(
    '$name',
    async ({ in: given, out }) => {
      const { transceiver } = machine(given.sender, { knows: given.known_metas });
      const sending = transceiver.encrypt(instant(given.sender, given.receiver));
      if (out.message === null) {
        expect(await codeOf(sending)).toBe('ERR_NOT_FOUND');
        return;
      }
      const { message, missing } = await sending;
      expect([...(message.encryptedKeys?.keys() ?? [])].sort()).toEqual(out.key_owners);
      expect(missing).toHaveLength(out.suspended);
    },
  );
});

describe('refusals.json', () => {
  interface UnpackIn {
    readonly message: JsonObject;
    readonly as: string;
    readonly known_metas?: readonly string[];
  }
  interface UnpackOut {
    readonly content?: JsonObject;
    readonly suspended?: true;
    readonly why?: string;
  }

  /** What a messenger asks before it hands a message to the transceiver. */
  async function isFor(receiver: ID, user: string, on: Machine): Promise<boolean> {
    if (isBroadcastID(receiver)) return true;
    if (isGroupID(receiver)) return (await (await on.barrack.group(receiver))?.isMember(id(user))) ?? false;
    return equalID(receiver, id(user));
  }

  async function unpack({ message: json, as, known_metas = names }: UnpackIn): Promise<JsonObject> {
    const on = machine(as, { knows: known_metas });
    const message = parseReliableMessage(json, protocol);
    const { message: verified } = await on.transceiver.verify(message);
    const { receiver } = verified.envelope;
    if (!(await isFor(receiver, as, on)))
      throw Object.assign(new Error('not for us'), { code: 'not for us' });
    const mine = isGroupID(receiver) ? trimMessage(verified, id(as), protocol) : verified;
    const opened = await on.transceiver.decrypt(mine, id(as));
    return formatContent(opened.message.content, protocol);
  }

  const codes: Readonly<Record<string, readonly string[]>> = {
    'not for this user': ['not for us'],
    'not a member': ['not for us'],
    signature: ['ERR_SIGNATURE'],
    'no meta for this ID': ['ERR_NOT_FOUND'],
    'key is not for this user': ['ERR_DECRYPT'],
    'key cannot be decrypted': ['ERR_DECRYPT'],
    'data cannot be decrypted with this key': ['ERR_DECRYPT'],
    'key is not a symmetric key': ['ERR_DECRYPT'],
    'no key': ['ERR_NOT_FOUND'],
    'field missing': ['ERR_PARSE'],
    ID: ['ERR_PARSE'],
    'data is not a content': ['ERR_SIGNATURE'],
    'meta does not match sender': ['ERR_META', 'ERR_UNSUPPORTED'],
    content: ['ERR_PARSE', 'ERR_DECRYPT'],
    'data is not Base64 of what was signed': ['ERR_PARSE', 'ERR_SIGNATURE'],
  };

  it.each(vectors<UnpackIn, UnpackOut>('refusals', 'unpack'))('$name', async ({ in: given, out }) => {
    if (out.content !== undefined) {
      expect(await unpack(given)).toEqual(out.content);
      return;
    }
    const expected = out.suspended === true ? ['ERR_NOT_FOUND'] : codes[out.why ?? ''];
    expect(expected ?? [`no rule for ${out.why}`]).toContain(await codeOf(unpack(given)));
  });
});
