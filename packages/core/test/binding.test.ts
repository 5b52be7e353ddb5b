import { createHash } from 'node:crypto';
import { exportKey, type JsonObject, parseJsonObject } from '@dimp/crypto';
import {
  type Content,
  createGroupCommand,
  createText,
  decryptData,
  formatContent,
  formatReliableMessage,
  parseContent,
  parseReliableMessage,
  type ReliableMessage,
  readDecrypted,
  splitMessage,
} from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { bindContent, bindingOf, unbound } from '../src/index.js';
import { codeOf, freeze, id, instant, machine, open, protocol, publicKey, send, time } from './kit.js';

const hulk = machine('hulk');
const [group, everyone] = ['group', 'everyone@everywhere'].map(id) as [ID, ID];

/** The message with its head changed on the way; nothing of it is under the signature. */
function readdress(message: ReliableMessage, change: JsonObject): ReliableMessage {
  const { keys, ...json } = { ...formatReliableMessage(message), ...change };
  const changed = Object.entries(json).filter(([, value]) => value !== null);
  return parseReliableMessage({ ...Object.fromEntries(changed), ...(keys && { keys }) }, protocol);
}

/** Wraps the message key, which every receiver has, for somebody else. */
async function rewrap(message: ReliableMessage, from: string, to: string): Promise<string> {
  const opened = await open(machine(from), message, from);
  const text = new TextEncoder().encode(JSON.stringify(exportKey(opened.key)));
  const wrapped = await publicKey(to).encryption?.encrypt(text);
  return Buffer.from(wrapped as Uint8Array).toString('base64');
}

/** What is really in a message. */
async function inside(message: ReliableMessage, reader: string): Promise<JsonObject> {
  const { key } = await open(machine(reader), message, reader);
  return readDecrypted(await decryptData(message, key), message.envelope);
}

describe('bindingOf', () => {
  it('is the beginning of a digest over sender, target and time', () => {
    const [from, to] = [id(`${id('hulk').text}/phone`), id('EveryOne@EVERYWHERE/x')];
    const text = `DIMP-bound-1\n${id('hulk').text}\nEveryOne@everywhere\n1586000000.25`;
    const digest = createHash('sha256').update(text).digest().subarray(0, 16).toString('base64');
    expect(bindingOf(from, to, 1_586_000_000.25)).toBe(digest);
    expect(digest).toHaveLength(24);
  });

  it('is this, for ever', () => {
    expect(bindingOf(id('hulk'), id('moki'), time)).toBe('KL6R2cXxp2CXbzhK2qaO5A==');
  });
});

describe('bindContent and unbound', () => {
  it('write the member last, in place of an old one', () => {
    const json = freeze({ bound: 'old', type: 1, text: 'x' });
    const bound = bindContent(json, id('hulk'), id('moki'), time);
    expect(Object.keys(bound)).toEqual(['type', 'text', 'bound']);
    expect(bound['bound']).not.toBe('old');
    expect(unbound(bound)).toEqual({ type: 1, text: 'x' });
  });
});

describe('a message that is bound', () => {
  it('says so, and the application does not see the member', async () => {
    const opened = await open(machine('moki'), await send(hulk, instant('hulk', 'moki')), 'moki');
    expect(opened.protection.bound).toBe(true);
    expect(opened.message.content.extra).toEqual({});
  });

  it('carries the member in the content, last, and not in the key', async () => {
    const message = await send(hulk, instant('hulk', 'moki'));
    const content = await inside(message, 'moki');
    expect(Object.keys(content).at(-1)).toBe('bound');
    expect(content['bound']).toBe(bindingOf(id('hulk'), id('moki'), time));
    const { key } = await open(machine('moki'), message, 'moki');
    expect(Object.keys(exportKey(key))).toEqual(['algorithm', 'data', 'iv']);
    expect(JSON.stringify(exportKey(key)).length).toBeLessThanOrEqual(117);
    expect(JSON.stringify(formatReliableMessage(message))).not.toContain('bound');
  });

  it('replaces what the content brought, so that what is sent on is bound anew', async () => {
    const old: Content = { ...createText('Hey'), extra: { bound: bindingOf(id('anna'), id('hulk'), 1) } };
    const message = await send(hulk, instant('hulk', 'moki', old));
    expect((await inside(message, 'moki'))['bound']).toBe(bindingOf(id('hulk'), id('moki'), time));
    expect((await open(machine('moki'), message, 'moki')).protection.bound).toBe(true);
  });

  it('holds without regard to terminals', async () => {
    const phone = id(`${id('moki').text}/phone`);
    const message = await send(hulk, instant('hulk', phone));
    expect((await open(machine('moki'), message, 'moki')).protection.bound).toBe(true);
    const plain = readdress(message, { receiver: id('moki').text, sender: `${id('hulk').text}/pad` });
    expect((await open(machine('moki'), plain, 'moki')).protection.bound).toBe(true);
  });

  it.each([
    { time: time + 1 },
    { time: time + 0.5 },
    { time: 0 },
    { time: null },
    { sender: id('moki').text },
    { group: id('group').text },
  ])('is refused with %p in the head', async change => {
    const message = readdress(await send(hulk, instant('hulk', 'moki')), change);
    const code = await codeOf(open(machine('moki'), message, 'moki'));
    expect(code).toBe(Object.hasOwn(change, 'sender') ? 'ERR_SIGNATURE' : 'ERR_BINDING');
  });

  it('is refused by a third one to whom the receiver passed it on', async () => {
    const message = await send(hulk, instant('hulk', 'moki'));
    const key = await rewrap(message, 'moki', 'anna');
    const passedOn = readdress(message, { receiver: id('anna').text, key });
    expect(await codeOf(open(machine('anna'), passedOn, 'anna'))).toBe('ERR_BINDING');
  });

  it('is refused by him also when the receiver is named as its group', async () => {
    const message = await send(hulk, instant('hulk', 'moki'));
    const key = await rewrap(message, 'moki', 'anna');
    const trick = readdress(message, { receiver: id('anna').text, group: id('moki').text, key });
    expect(await codeOf(open(machine('anna'), trick, 'anna'))).toBe('ERR_BINDING');
  });

  it('is not opened for another than it says, whoever its key is wrapped for', async () => {
    const message = await send(hulk, instant('hulk', 'moki'));
    const key = await rewrap(message, 'moki', 'anna');
    expect(await codeOf(open(machine('anna'), readdress(message, { key }), 'anna'))).toBe('ERR_DECRYPT');
  });

  it('is not remembered by its key when it is refused', async () => {
    const message = await send(hulk, instant('hulk', 'moki'));
    const moki = machine('moki');
    await codeOf(open(moki, readdress(message, { time: 1 }), 'moki'));
    expect(moki.keyStore.loadKey(id('hulk'), id('moki'))).toBeUndefined();
  });
});

describe('a message that is not bound', () => {
  const free = machine('hulk', { transceiver: { bind: false } });

  it('is accepted, and the label says so', async () => {
    const message = await send(free, instant('hulk', 'moki'));
    const opened = await open(machine('moki'), message, 'moki');
    expect(opened.protection.bound).toBe(false);
    expect(await inside(message, 'moki')).toEqual(formatContent(opened.message.content, protocol));
    const dated = readdress(message, { time: 1 });
    expect((await open(machine('moki'), dated, 'moki')).protection.bound).toBe(false);
  });

  it.each([null])('when the member is %p', async bound => {
    const content: Content = { ...createText('Hey'), extra: { bound } };
    const opened = await open(machine('moki'), await send(free, instant('hulk', 'moki', content)), 'moki');
    expect(opened.protection.bound).toBe(false);
    expect(opened.message.content.extra).toEqual({});
  });

  it.each(['', 'x', 7, true, [], {}])('but one that says %p is refused', async bound => {
    const content: Content = { ...createText('Hey'), extra: { bound } };
    const message = await send(free, instant('hulk', 'moki', content));
    expect(await codeOf(open(machine('moki'), message, 'moki'))).toBe('ERR_BINDING');
  });
});

describe('in groups', () => {
  const inGroup = createText('Hey', { group });

  it.each([
    ['the content names it', inGroup],
    ['the content does not name it', createText('Hey')],
  ])('split and trim still hold: %s', async (_, content) => {
    const message = await send(hulk, instant('hulk', group, content));
    const anna = await open(machine('anna'), message, 'anna');
    expect(anna.protection.bound).toBe(true);
    for (const part of splitMessage(message, [id('moki'), id('bob')], protocol)) {
      const reader = part.envelope.receiver.name === 'moki' ? 'moki' : 'bob';
      expect((await open(machine(reader), part, reader)).protection.bound).toBe(true);
    }
  });

  it('to one member, the group is the target, shown or hidden', async () => {
    const message = await send(hulk, instant('hulk', 'moki', inGroup));
    expect((await inside(message, 'moki'))['bound']).toBe(bindingOf(id('hulk'), group, time));
    expect((await open(machine('moki'), message, 'moki')).protection.bound).toBe(true);
    const hidden = readdress(message, { group: null });
    expect((await open(machine('moki'), hidden, 'moki')).protection.bound).toBe(true);
  });

  it('a command is bound to the member it goes to, whatever its group', async () => {
    const query = createGroupCommand('query', group, [], { time });
    const message = await send(hulk, instant('hulk', 'moki', query));
    expect(message.envelope.group).toBeUndefined();
    expect((await inside(message, 'moki'))['bound']).toBe(bindingOf(id('hulk'), id('moki'), time));
    expect((await open(machine('moki'), message, 'moki')).protection.bound).toBe(true);
    const key = await rewrap(message, 'moki', 'anna');
    const passedOn = readdress(message, { receiver: id('anna').text, key });
    expect(await codeOf(open(machine('anna'), passedOn, 'anna'))).toBe('ERR_BINDING');
  });

  it('a command to all members is bound to the group', async () => {
    const query = createGroupCommand('query', group, [], { time });
    const message = await send(hulk, instant('hulk', group, query));
    expect((await open(machine('moki'), message, 'moki')).protection.bound).toBe(true);
  });

  it('to one member, a group that only the head names is the target as well', async () => {
    const { envelope, ...rest } = instant('hulk', 'moki');
    const message = await send(hulk, { ...rest, envelope: { ...envelope, group } });
    expect(message.envelope.group?.key).toBe(group.key);
    expect((await open(machine('moki'), message, 'moki')).protection.bound).toBe(true);
  });

  it('a text whose group is a user is bound to its receiver', async () => {
    const odd = parseContent({ type: 1, sn: 1, text: 'x', group: id('anna').text }, protocol);
    const message = await send(hulk, instant('hulk', 'moki', odd));
    expect((await inside(message, 'moki'))['bound']).toBe(bindingOf(id('hulk'), id('moki'), time));
    expect((await open(machine('moki'), message, 'moki')).protection.bound).toBe(true);
  });
});

describe('in broadcasts', () => {
  it.each([
    ['to everyone', instant('hulk', everyone)],
    ['to everyone, by name', instant('hulk', everyone, createText('Hey', { group: everyone }))],
    ['to one receiver', instant('hulk', 'moki', createText('Hey', { group: everyone }))],
    ['in other letters', instant('hulk', 'EveryOne@EVERYWHERE')],
  ])('the member stands in the text: %s', async (_, given) => {
    const message = await send(hulk, given);
    const text = String(formatReliableMessage(message)['data']);
    expect(parseJsonObject(text, 'x')['bound']).toBeDefined();
    expect((await open(machine('moki'), message, 'moki')).protection).toEqual({ bound: true, generation: 1 });
  });

  it('and one to others is refused', async () => {
    const message = readdress(await send(hulk, instant('hulk', everyone)), {
      receiver: 'stations@everywhere',
    });
    expect(await codeOf(open(machine('moki'), message, 'moki'))).toBe('ERR_BINDING');
  });
});
