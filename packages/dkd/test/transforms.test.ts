import { createRegistry, parseSymmetricKey } from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { plainKey } from '@dimp/crypto/plain';
import { createID, type ID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import {
  createGroupCommand,
  createInstantMessage,
  createText,
  decryptMessage,
  encryptedKeyFor,
  encryptMessage,
  formatContent,
  formatReliableMessage,
  formatSecureMessage,
  type InstantMessage,
  isBroadcastInstant,
  overtGroup,
  parseContent,
  parseReliableMessage,
  parseSecureMessage,
  type ReliableMessage,
  readDecrypted,
  type SecureMessage,
  signMessage,
  splitMessage,
  trimMessage,
  verifyMessage,
} from '../src/index.js';
import { codeOf, context, flip, freeze, id, messageKey, meta, privateKey } from './kit.js';

const [hulk, moki, group, everyone] = ['hulk', 'moki', 'group', 'everyone@everywhere'].map(id) as [
  ID,
  ID,
  ID,
  ID,
];
const encryptedKey = Uint8Array.of(1, 2, 3);
const time = 1_586_000_000;

function instant(receiver: ID, inGroup?: ID): InstantMessage {
  const content = createText('Hey', { serialNumber: 1, ...(inGroup && { group: inGroup }) });
  return freeze(createInstantMessage({ sender: hulk, receiver, time }, content));
}

function encrypt(
  message: InstantMessage,
  to: readonly ID[] = [message.envelope.receiver],
): Promise<SecureMessage> {
  const recipients = to.map(one => ({ id: one, encryptedKey }));
  return encryptMessage(message, context, { key: messageKey, recipients });
}

describe('overtGroup', () => {
  it('hides the group of a command, not that of a broadcast', () => {
    const query = createGroupCommand('query', group, [], { time });
    expect(overtGroup(query)).toBeUndefined();
    expect(overtGroup({ ...query, group: everyone })).toBe(everyone);
    expect(overtGroup(createText('x', { group }))).toBe(group);
    expect(overtGroup(createText('x'))).toBeUndefined();
    expect(
      overtGroup(parseContent({ type: 136, command: 'zzz', group: group.text }, context)),
    ).toBeUndefined();
  });
});

describe('isBroadcastInstant', () => {
  it('asks the group of the content, else the receiver', () => {
    expect([instant(everyone), instant(moki, everyone)].map(isBroadcastInstant)).toEqual([true, true]);
    expect([instant(moki), instant(everyone, group)].map(isBroadcastInstant)).toEqual([false, false]);
  });
});

describe('encryptMessage and decryptMessage', () => {
  it('give back the content, unknown members included', async () => {
    const json = { type: 1, sn: 1, text: 'Hey', 'x-new': { a: [null] } };
    const given = createInstantMessage({ sender: hulk, receiver: moki, time }, parseContent(json, context));
    const secure = await encrypt(freeze(given));
    const opened = await decryptMessage(secure, messageKey, context);
    expect(formatContent(opened.content, context)).toEqual(json);
    expect(opened.envelope).toEqual({ sender: hulk, receiver: moki, time, type: 1 });
  });

  it('show the overt group when it is not the receiver', async () => {
    expect((await encrypt(instant(moki, group))).envelope.group).toBe(group);
    expect((await encrypt(instant(group, group), [moki])).envelope.group).toBeUndefined();
  });

  it('file the keys of a group by ID text', async () => {
    const phone = createID({ ...moki, terminal: 'phone' });
    const secure = await encrypt(instant(group), [hulk, phone]);
    expect([...(secure.encryptedKeys?.keys() ?? [])]).toEqual([hulk.text, `${moki.text}/phone`]);
    expect(secure.encryptedKey).toBeUndefined();
    expect((await encrypt(instant(group), [])).encryptedKeys).toBeUndefined();
  });

  it('encrypt no broadcast: data is the text, and there is no key', async () => {
    for (const message of [instant(everyone), instant(moki, everyone)]) {
      const secure = await encrypt(message);
      expect(secure.encryptedKey ?? secure.encryptedKeys).toBeUndefined();
      const json = formatSecureMessage(secure);
      expect(JSON.parse(String(json['data']))).toMatchObject({ type: 1, text: 'Hey' });
      const opened = await decryptMessage(parseSecureMessage(json, context), plainKey, context);
      expect(opened.content).toMatchObject({ kind: 'text', text: 'Hey' });
    }
  });

  it('need exactly one recipient for a user, and a user or group as receiver', async () => {
    const thing = id('tnn3o5m8G6iwxGB6z4BQWmZsK1CwF715cy');
    for (const [message, to] of [
      [instant(moki), []],
      [instant(moki), [moki, hulk]],
      [instant(thing), [thing]],
    ] as const) {
      await expect(encrypt(message, to)).rejects.toMatchObject({ code: 'ERR_USAGE' });
    }
  });

  it('refuse half of a surrogate pair', async () => {
    const message = createInstantMessage({ sender: hulk, receiver: moki, time }, createText('\ud800'));
    await expect(encrypt(message)).rejects.toMatchObject({ code: 'ERR_PARSE' });
  });

  it('fail alike for every altered bit, unless another content comes out', async () => {
    const secure = await encrypt(instant(moki));
    const codes = new Set<unknown>();
    for (let bit = 0; bit < secure.data.length * 8; bit++) {
      const altered: SecureMessage = { ...secure, data: flip(secure.data, bit) };
      const result = await decryptMessage(altered, messageKey, context).catch((error: unknown) => error);
      const { code, message } = result as { code?: string; message?: string };
      codes.add(code === undefined ? 'opened' : `${code} ${code === 'ERR_DECRYPT' ? message : ''}`);
      // CBC: a bit turned over in one block does so in the next and ruins its own, so the text is never the same
      expect(result).not.toEqual(await decryptMessage(secure, messageKey, context));
    }
    expect([...codes].filter(code => !String(code).startsWith('ERR_'))).toEqual([]);
    expect([...codes]).toContain(
      'ERR_DECRYPT Decryption failed: the key does not fit or the data was altered.',
    );
  });
});

describe('readDecrypted', () => {
  it.each(['', '{', '[]', 'null', '\ud800'])(
    'tells of %p only in a broadcast that it is no JSON object',
    text => {
      const bytes = encodeUtf8(text);
      expect(codeOf(() => readDecrypted(bytes, { receiver: moki }))).toBe('ERR_DECRYPT');
      expect(codeOf(() => readDecrypted(bytes, { receiver: everyone }))).toBe('ERR_PARSE');
    },
  );
});

describe('signMessage and verifyMessage', () => {
  it('verify what was signed; the rest of the message stays', async () => {
    const secure = await encrypt(instant(moki));
    const signed = await signMessage(freeze(secure), privateKey('hulk'));
    const verified = await verifyMessage(signed, [meta('moki').key, meta('hulk').key]);
    expect(verified).toEqual(secure);
    expect(await verifyMessage(signed, [meta('moki').key])).toBeUndefined();
    expect(await verifyMessage(signed, [])).toBeUndefined();
  });

  it('refuse every flipped bit of signature and data', async () => {
    const signed = await signMessage(await encrypt(instant(moki)), privateKey('hulk'));
    const keys = [meta('hulk').key];
    const taken: string[] = [];
    for (const name of ['signature', 'data'] as const) {
      for (let bit = 0; bit < signed[name].length * 8; bit++) {
        const altered: ReliableMessage = { ...signed, [name]: flip(signed[name], bit) };
        if (await verifyMessage(altered, keys)) taken.push(`${name} ${bit}`);
      }
    }
    expect(taken).toEqual([]);
  });

  it('sign a broadcast over the UTF-8 of its text', async () => {
    const signed = await signMessage(await encrypt(instant(everyone)), privateKey('hulk'));
    const json = formatReliableMessage(signed);
    const text = encodeUtf8(String(json['data']));
    expect(await meta('hulk').key.verify(text, signed.signature)).toBe(true);
    const spaced = parseReliableMessage({ ...json, data: `${json['data']} ` }, context);
    expect(await verifyMessage(spaced, [meta('hulk').key])).toBeUndefined();
  });
});

describe('encryptedKeyFor', () => {
  const base = { sender: hulk.text, receiver: group.text, data: '' };
  const find = (json: object, who: ID): string | undefined =>
    encryptedKeyFor(parseSecureMessage({ ...base, ...json }, context), who, context);

  it('takes `key`, else his entry in `keys`, by exact text first', () => {
    expect(find({ key: 'AQ==', keys: { [moki.text]: 'Ag==' } }, moki)).toBe('AQ==');
    const phone = createID({ ...moki, terminal: 'phone' });
    const keys = { [moki.text]: 'Ag==', [phone.text]: 'Aw==' };
    expect(find({ keys }, moki)).toBe('Ag==');
    expect(find({ keys }, phone)).toBe('Aw==');
    expect(find({ keys: { [phone.text]: 'Aw==' } }, moki)).toBe('Aw==');
    expect(find({ keys: { [moki.text]: 'Ag==' } }, createID({ ...moki, terminal: 'pad' }))).toBe('Ag==');
  });

  it('finds nothing under another name, or under what is no ID', () => {
    const address = moki.address.text;
    const keys = {
      [`Moki@${address}`]: 'AA==',
      [`@${address}`]: 'AA==',
      [`x/${address}`]: 'AA==',
      [`moki@${address.toLowerCase()}`]: 'AA==',
      digest: 'AA==',
    };
    expect(find({ keys }, moki)).toBeUndefined();
    expect(find({}, moki)).toBeUndefined();
  });
});

describe('splitMessage and trimMessage', () => {
  async function toGroup(): Promise<ReliableMessage> {
    return freeze(await signMessage(await encrypt(instant(group, group), [hulk, moki]), privateKey('hulk')));
  }

  it('carry that member’s key only, still verify, and hold the same data', async () => {
    const message = await toGroup();
    const parts = splitMessage(message, [hulk, moki, id('anna')], context);
    expect(parts.map(({ envelope }) => envelope.receiver.text)).toEqual([
      hulk.text,
      moki.text,
      id('anna').text,
    ]);
    for (const part of parts) {
      const json = formatReliableMessage(part);
      expect([json['keys'], json['group']]).toEqual([undefined, group.text]);
      expect(await verifyMessage(part, [meta('hulk').key])).toBeDefined();
      expect(part).toEqual(trimMessage(message, part.envelope.receiver, context));
    }
    expect(parts.map(({ encryptedKey: key }) => key)).toEqual(['AQID', 'AQID', undefined]);
  });

  it('leave a group and a key that are there already', async () => {
    const [part] = splitMessage(await toGroup(), [moki], context);
    const again = trimMessage(part as ReliableMessage, hulk, context);
    expect(again.envelope).toMatchObject({ receiver: hulk, group });
    expect(again.encryptedKey).toBe('AQID');
  });

  it('give nobody a key that stood alone beside those of the members', async () => {
    const message: ReliableMessage = { ...(await toGroup()), encryptedKey: 'AAAA' };
    const parts = splitMessage(message, [moki, id('anna')], context);
    expect(parts.map(({ encryptedKey: key }) => key)).toEqual(['AQID', undefined]);
  });

  it('set what came as null', async () => {
    const json = { ...formatReliableMessage(await toGroup()), key: null, group: null };
    const message = parseReliableMessage(json, context);
    const trimmed = formatReliableMessage(trimMessage(message, moki, context));
    expect(trimmed).toMatchObject({ key: 'AQID', group: group.text });
    // and what was not set comes back
    expect(formatReliableMessage(message)).toEqual(json);
  });

  it('do not choke on ten thousand entries that are not theirs', () => {
    const keys = new Map(Array.from({ length: 10_000 }, (_, i) => [`m${i}@${moki.address.text}`, 'AA==']));
    const members = Array.from({ length: 10_000 }, (_, i) => createID({ ...hulk, name: `h${i}` }));
    const envelope = { sender: hulk, receiver: group };
    const message: SecureMessage = { envelope, data: new Uint8Array(0), encryptedKeys: keys, extra: {} };
    const parts = splitMessage(message, members, context);
    expect(parts.filter(part => part.encryptedKey !== undefined)).toEqual([]);
  });
});

describe('message keys', () => {
  it('are never PLAIN: it is not among the algorithms', () => {
    expect(codeOf(() => parseSymmetricKey({ algorithm: 'PLAIN' }, context))).toBe('ERR_UNSUPPORTED');
    expect(createRegistry('x', context.symmetric).find('PLAIN')).toBeUndefined();
    expect(encodeBase64(encryptedKey)).toBe('AQID');
  });
});
