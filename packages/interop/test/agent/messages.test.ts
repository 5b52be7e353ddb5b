import { beforeEach, describe, expect, it } from '@jest/globals';
import { Session } from '../../src/agent/session.js';
import { Peer, without } from './kit.js';

const hulk = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';
const moki = 'moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';
const anna = 'anna@4FteCgYB8ANEQVYVvVxcRC9kxmEJg72jTH';
const text = { type: 1, sn: 7, text: 'Hey guy!' };
const key = {
  algorithm: 'AES',
  data: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  iv: 'AAECAwQFBgcICQoLDA0ODw==',
};

describe.each(['portable', 'node'] as const)('with %s crypto', driver => {
  let a: Peer;
  let b: Peer;

  beforeEach(async () => {
    a = new Peer({ session: new Session(driver) });
    b = new Peer({ session: new Session(driver) });
    await a.ask('install_immortals');
    await b.ask('install_immortals');
  });

  describe('pack and unpack', () => {
    it('bring a content from one to the other unchanged', async () => {
      const content = { ...text, n: -1.5e-7, z: null, deep: { list: [1, 'x', false] } };
      const message = await a.ask('pack', { sender: hulk, receiver: moki, content });
      expect(await b.ask('unpack', { message, as: moki })).toEqual(content);
    });

    it('show their stages', async () => {
      const packed = await a.ask('pack', {
        sender: hulk,
        receiver: moki,
        content: text,
        time: 1586000000,
        stages: true,
      });
      expect(Object.keys(packed).sort()).toEqual(['instant', 'key', 'package', 'reliable', 'secure']);
      expect(packed.instant).toEqual({ sender: hulk, receiver: moki, time: 1586000000, content: text });
      expect(packed.secure).toEqual(without(packed.reliable, 'signature'));
      expect(JSON.parse(packed.package)).toEqual(packed.reliable);
      const opened = await b.ask('unpack', { message: packed.package, as: moki, stages: true });
      expect(opened).toEqual({
        secure: packed.secure,
        instant: { ...packed.instant, type: 1 },
        content: text,
        key: packed.key,
      });
    });

    it('use the key, the time and the group that are given', async () => {
      const { ID: group } = await a.ask('generate_group', {
        founder: hulk,
        name: 'g',
        members: [hulk, moki],
      });
      const packed = await a.ask('pack', {
        sender: hulk,
        receiver: moki,
        content: text,
        group,
        key,
        time: 5,
        stages: true,
      });
      expect(packed.key).toEqual(key);
      expect(packed.reliable).toMatchObject({ time: 5, group });
      expect(await b.ask('unpack', { message: packed.reliable, as: moki })).toEqual({ ...text, group });
      expect(await a.ask('get_key', { as: hulk, sender: hulk, receiver: group })).toEqual(key);
      const next = await a.ask('pack', { sender: hulk, receiver: moki, content: text, group, stages: true });
      expect(next.key).not.toEqual(key);
    });

    it('take a time of 0 for now', async () => {
      const { time } = await a.ask('pack', { sender: hulk, receiver: moki, content: text, time: 0 });
      expect(time).toBeGreaterThan(1_600_000_000);
    });

    it('attach the meta when asked to', async () => {
      const stranger = await a.ask('generate_user', { name: 'zoe' });
      const args = { sender: stranger.ID, receiver: moki, content: text };
      const plain = await a.ask('pack', args);
      const first = await a.ask('pack', { ...args, attach_meta: true });
      expect(plain.meta).toBeUndefined();
      expect(first.meta).toEqual(stranger.meta);
      expect(await b.ask('unpack', { message: first, as: moki })).toEqual(text);
      expect(await b.ask('unpack', { message: plain, as: moki })).toEqual(text);
    });

    it('bind a content to its envelope only when asked to', async () => {
      const args = { sender: hulk, receiver: moki, content: text, key, time: 5 };
      const plain = await a.ask('pack', args);
      const bound = await a.ask('pack', { ...args, bind: true });
      expect(plain.data).not.toBe(bound.data);
      expect(await b.ask('unpack', { message: { ...plain, time: 6 }, as: moki })).toEqual(text);
      expect(await b.ask('unpack', { message: bound, as: moki })).toEqual(text);
      expect(await b.refuse('unpack', { message: { ...bound, time: 6 }, as: moki })).toBe('ERR_BINDING');
    });

    it('never take a message for a repeat', async () => {
      const message = await a.ask('pack', { sender: hulk, receiver: moki, content: text });
      await b.ask('unpack', { message, as: moki });
      await b.ask('process_package', { message, as: moki });
      expect(await b.ask('unpack', { message, as: moki })).toEqual(text);
    });

    it('send a broadcast in the clear', async () => {
      const { reliable, key: plain } = await a.ask('pack', {
        sender: hulk,
        receiver: 'everyone@everywhere',
        content: text,
        stages: true,
      });
      expect(JSON.parse(reliable.data)).toEqual(text);
      expect(plain).toEqual({ algorithm: 'PLAIN' });
      expect(await b.ask('unpack', { message: reliable, as: moki })).toEqual(text);
    });

    it('are refused, each with a code of its own', async () => {
      const message = await a.ask('pack', { sender: hulk, receiver: moki, content: text });
      const empty = new Peer({ session: new Session(driver) });
      const zoe = await empty.ask('generate_user', { name: 'zoe' });
      const codes = [
        await a.refuse('pack', { sender: anna, receiver: moki, content: text }),
        await b.refuse('unpack', { message: { ...message, signature: 'AAAA' }, as: moki }),
        await b.refuse('unpack', { message, as: hulk }),
        await empty.refuse('unpack', { message: { ...message, receiver: zoe.ID }, as: zoe.ID }),
      ];
      expect(codes).toEqual(['ERR_NOT_FOUND', 'ERR_SIGNATURE', 'ERR_NOT_FOR_US', 'ERR_SUSPENDED']);
    });

    it('need a receiver who is known, and a reader who is here', async () => {
      const message = await a.ask('pack', { sender: hulk, receiver: moki, content: text });
      expect(await a.refuse('pack', { sender: hulk, receiver: anna, content: text })).toBe('ERR_NOT_FOUND');
      expect(await b.refuse('unpack', { message, as: anna })).toBe('ERR_NOT_FOUND');
      expect(await b.refuse('unpack', { message: '{', as: moki })).toBe('ERR_PARSE');
      expect(await b.refuse('unpack', { message: 5, as: moki })).toBe('ERR_PARSE');
      expect(await a.refuse('pack', { sender: hulk, receiver: moki, content: { sn: 1 } })).toBe('ERR_PARSE');
    });
  });

  describe('group messages', () => {
    it('are opened whole, split and trimmed', async () => {
      const group = await a.ask('generate_group', { founder: hulk, name: 'g', members: [hulk, moki] });
      await b.ask('import_group', group);
      const content = { ...text, group: group.ID };
      const message = await a.ask('pack', { sender: hulk, receiver: group.ID, content });
      const [part] = await b.ask('split', { message, members: [moki] });
      const trimmed = await b.ask('trim', { message, member: moki });
      expect(Object.keys(message.keys)).toEqual([hulk, moki]);
      expect(trimmed).toEqual(part);
      expect(part).toMatchObject({ receiver: moki, group: group.ID, key: message.keys[moki] });
      for (const one of [message, part])
        expect(await b.ask('unpack', { message: one, as: moki })).toEqual(content);
      expect(await b.ask('verify', { message, as: moki })).toEqual(without(message, 'signature'));
    });

    it('wait for a group that is not here', async () => {
      const { ID } = await a.ask('generate_group', { founder: hulk, name: 'g', members: [hulk, moki] });
      const message = await a.ask('pack', { sender: hulk, receiver: ID, content: text });
      expect(await b.refuse('unpack', { message, as: moki })).toBe('ERR_SUSPENDED');
    });
  });

  describe('verify', () => {
    it('gives the message without its signature, or says why not', async () => {
      const message = await a.ask('pack', { sender: hulk, receiver: moki, content: text });
      expect(await b.ask('verify', { message, as: moki })).toEqual(without(message, 'signature'));
      const other = { ...message, data: message.key };
      expect(await b.refuse('verify', { message: other, as: moki })).toBe('ERR_SIGNATURE');
      const empty = new Peer({ session: new Session(driver) });
      const { ID } = await empty.ask('generate_user', { name: 'zoe' });
      expect(await empty.refuse('verify', { message, as: ID })).toBe('ERR_SUSPENDED');
    });
  });

  describe('message keys', () => {
    const direction = { sender: hulk, receiver: moki };

    it('are remembered by direction, for each user of his own', async () => {
      const packed = await a.ask('pack', { ...direction, content: text, stages: true });
      expect(await a.ask('get_key', { as: hulk, ...direction })).toEqual(packed.key);
      expect(await a.ask('get_key', { as: moki, ...direction })).toBeNull();
      expect(await a.ask('get_key', { as: hulk, sender: moki, receiver: hulk })).toBeNull();
      await b.ask('unpack', { message: packed.reliable, as: moki });
      expect(await b.ask('get_key', { as: moki, ...direction })).toEqual(packed.key);
    });

    it('of broadcasts are PLAIN', async () => {
      const receiver = 'everyone@everywhere';
      expect(await a.ask('get_key', { as: hulk, sender: hulk, receiver })).toEqual({ algorithm: 'PLAIN' });
    });

    it('open messages that bring none, until they are forgotten', async () => {
      const message = await a.ask('pack', { ...direction, content: text });
      const keyless = without(message, 'key');
      expect(await b.refuse('unpack', { message: keyless, as: moki })).toBe('ERR_NOT_FOUND');
      await b.ask('unpack', { message, as: moki });
      expect(await b.ask('unpack', { message: keyless, as: moki })).toEqual(text);
      expect(await b.ask('forget_keys', { as: moki })).toBe(true);
      expect(await b.refuse('unpack', { message: keyless, as: moki })).toBe('ERR_NOT_FOUND');
    });

    it('are pinned by set_key, until they are forgotten', async () => {
      expect(await a.ask('set_key', { as: hulk, ...direction, key })).toBe(true);
      const pack = () => a.ask('pack', { ...direction, content: text, stages: true });
      expect((await pack()).key).toEqual(key);
      expect((await pack()).key).toEqual(key);
      const own = await a.ask('pack', {
        ...direction,
        content: text,
        key: { ...key, data: key.iv },
        stages: true,
      });
      expect(own.key.data).toBe(key.iv);
      expect((await pack()).key).toEqual(key);
      await a.ask('forget_keys', { as: hulk });
      expect(await a.ask('get_key', { as: hulk, ...direction })).toBeNull();
      expect((await pack()).key).not.toEqual(key);
    });

    it('that are pinned stay when another comes in', async () => {
      const { reliable } = await a.ask('pack', { ...direction, content: text, stages: true });
      await b.ask('set_key', { as: moki, ...direction, key });
      expect(await b.ask('unpack', { message: reliable, as: moki })).toEqual(text);
      expect(await b.ask('get_key', { as: moki, ...direction })).toEqual(key);
    });

    it('are not PLAIN for one receiver', async () => {
      const plain = { algorithm: 'PLAIN' };
      expect(await a.refuse('set_key', { as: hulk, ...direction, key: plain })).toBe('ERR_UNSUPPORTED');
      expect(await a.refuse('pack', { ...direction, content: text, key: plain })).toBe('ERR_UNSUPPORTED');
    });
  });
});
