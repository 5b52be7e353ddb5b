import { exportKey, limits } from '@dimp/crypto';
import type { ReliableMessage } from '@dimp/dkd';
import { createGroupCommand, createText } from '@dimp/dkd';
import { createID, createProfile, signProfile } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { type KeyPolicy, MemoryKeyStore, oneKeyPolicy } from '../src/index.js';
import {
  codeOf,
  decryptKeys,
  id,
  instant,
  type Machine,
  machine,
  open,
  privateKey,
  protocol,
  publicKey,
  send,
  time,
} from './kit.js';

const reuse: KeyPolicy = { maxMessages: 3, maxAge: 60 };

/** A machine whose clock is set by hand. */
function clocked(policy: KeyPolicy): Machine & { now: number } {
  const clock = { now: time };
  const made = machine('hulk', { keys: { policy }, transceiver: { clock: () => clock.now } });
  return Object.assign(clock, made);
}

const keysOf = ({ encryptedKey, encryptedKeys }: ReliableMessage): unknown =>
  encryptedKey ?? [...(encryptedKeys ?? [])];

describe('fresh keys, the default', () => {
  it('give every message a key of its own', async () => {
    const hulk = machine('hulk');
    const moki = machine('moki');
    const opened = [];
    for (let i = 0; i < 3; i++)
      opened.push(await open(moki, await send(hulk, instant('hulk', 'moki')), 'moki'));
    const keys = opened.map(({ key }) => JSON.stringify(exportKey(key)));
    expect(new Set(keys).size).toBe(3);
    expect(opened.map(({ protection }) => protection.encryption?.reused)).toEqual([false, false, false]);
    expect(moki.source.privateOperations).toBe(3);
  });

  it('show the strength of everything', async () => {
    const moki = machine('moki');
    const message = await send(machine('hulk'), instant('hulk', 'moki'));
    expect((await moki.transceiver.verify(message)).signature).toEqual({ algorithm: 'RSA', bits: 1024 });
    expect((await open(moki, message, 'moki')).protection).toEqual({
      encryption: { algorithm: 'AES', bits: 256, wrap: { algorithm: 'RSA', bits: 1024 }, reused: false },
      bound: true,
      generation: 1,
    });
  });
});

describe('reuse', () => {
  it('sends the same wrapped bytes, as often as it may', async () => {
    const hulk = clocked(reuse);
    const messages = [];
    for (let i = 0; i < 4; i++) messages.push(await send(hulk, instant('hulk', 'moki')));
    const [first, second, third, fourth] = messages.map(keysOf);
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toEqual(first);
  });

  it('never ends under one key for all', async () => {
    const hulk = clocked(oneKeyPolicy);
    const first = await send(hulk, instant('hulk', 'moki'));
    hulk.now += 1e9;
    for (let i = 0; i < 5; i++)
      expect(keysOf(await send(hulk, instant('hulk', 'moki')))).toEqual(keysOf(first));
  });

  it('ends with the age of the key', async () => {
    const hulk = clocked(reuse);
    const first = await send(hulk, instant('hulk', 'moki'));
    hulk.now += 60;
    expect(keysOf(await send(hulk, instant('hulk', 'moki')))).toEqual(keysOf(first));
    hulk.now += 1;
    expect(keysOf(await send(hulk, instant('hulk', 'moki')))).not.toEqual(keysOf(first));
  });

  it('costs the receiver one private operation, and is told to him', async () => {
    const hulk = clocked(reuse);
    const moki = machine('moki');
    const reused = [];
    for (let i = 0; i < 3; i++) {
      const opened = await open(moki, await send(hulk, instant('hulk', 'moki')), 'moki');
      reused.push(opened.protection.encryption?.reused);
    }
    expect(reused).toEqual([false, true, true]);
    expect(moki.source.privateOperations).toBe(1);
    moki.transceiver.forgetOpenedKeys();
    await open(moki, await send(clocked(reuse), instant('hulk', 'moki')), 'moki');
    expect(moki.source.privateOperations).toBe(2);
  });

  it('costs it again when too many others came between, or when it is to forget', async () => {
    const hulk = machine('hulk');
    const moki = machine('moki', { transceiver: { openedKeys: 2 } });
    const messages = [];
    for (let i = 0; i < 3; i++) messages.push(await send(hulk, instant('hulk', 'moki')));
    for (const message of [...messages, ...messages.slice(1), ...messages.slice(0, 1)]) {
      await open(moki, message, 'moki');
    }
    expect(moki.source.privateOperations).toBe(4);
    moki.transceiver.forgetOpenedKeys();
    await open(moki, messages[0] as ReliableMessage, 'moki');
    expect(moki.source.privateOperations).toBe(5);
  });

  it('costs it again when the same bytes came in an endless text', async () => {
    const moki = machine('moki');
    const message = await send(machine('hulk'), instant('hulk', 'moki'));
    const padded = { ...message, encryptedKey: `${message.encryptedKey}${' '.repeat(limits.keyText)}` };
    for (const one of [padded, padded]) await open(moki, one, 'moki');
    expect(moki.source.privateOperations).toBe(2);
  });

  it('remembers no key under another sender or receiver', async () => {
    const moki = machine('moki');
    moki.source.signKeys.set(id('anna').key, privateKey('anna'));
    moki.source.decryptKeys.set(id('anna').key, decryptKeys('anna'));
    const message = await send(machine('hulk'), instant('hulk', 'moki'));
    await open(moki, message, 'moki');
    expect(await codeOf(open(moki, message, 'anna'))).toBe('ERR_DECRYPT');
  });

  it('wraps anew after a change of the receiver’s profile key, and keeps the key', async () => {
    const hulk = clocked(reuse);
    const moki = machine('moki');
    const first = await send(hulk, instant('hulk', 'moki'));
    const json = publicKey('carol').json;
    const profile = await signProfile(createProfile(id('moki'), { key: json }), privateKey('moki'));
    await hulk.barrack.saveProfile(id('moki'), profile);
    const second = await send(hulk, instant('hulk', 'moki'));
    expect(keysOf(second)).not.toEqual(keysOf(first));
    const old = await open(moki, first, 'moki');
    // he has not got the new private key yet
    expect(await codeOf(open(moki, second, 'moki'))).toBe('ERR_DECRYPT');
    moki.source.decryptKeys.set(id('moki').key, [privateKey('carol'), privateKey('moki')]);
    const newer = await open(moki, second, 'moki');
    expect(exportKey(newer.key)).toEqual(exportKey(old.key));
    expect(newer.protection.encryption?.reused).toBe(true);
  });

  it('is by target: the group, or the member alone', async () => {
    const hulk = clocked(reuse);
    const group = id('group');
    const toAll = await send(hulk, instant('hulk', group, createText('x', { group })));
    const toOne = await send(hulk, instant('hulk', 'moki', createText('x', { group })));
    // the password is the group's, and moki has seen these bytes
    expect(toOne.encryptedKey).toBe(toAll.encryptedKeys?.get(id('moki').text));
    const query = createGroupCommand('query', group, [], { time });
    expect((await send(hulk, instant('hulk', 'moki', query))).encryptedKey).not.toBe(toOne.encryptedKey);
    const again = await send(hulk, instant('hulk', group, createText('y', { group })));
    expect(keysOf(again)).toEqual(keysOf(toAll));
  });

  it('is not of keys that were received', async () => {
    const both = clocked(reuse);
    both.source.decryptKeys.set(id('hulk').key, decryptKeys('hulk'));
    const self = await send(machine('hulk'), instant('hulk', 'hulk'));
    await open(both, self, 'hulk');
    expect(keysOf(await send(both, instant('hulk', 'hulk')))).not.toEqual(keysOf(self));
  });

  it('of a pinned key goes on until it is removed', async () => {
    const hulk = machine('hulk', { transceiver: { clock: () => time } });
    await send(hulk, instant('hulk', 'moki'));
    const made = hulk.keyStore.loadKey(id('hulk'), id('moki'));
    if (made === undefined) throw new Error('expected a key');
    hulk.keyStore.saveKey(id('hulk'), id('moki'), { ...made, pinned: true });
    const [first, second] = [
      await send(hulk, instant('hulk', 'moki')),
      await send(hulk, instant('hulk', 'moki')),
    ];
    expect(keysOf(second)).toEqual(keysOf(first));
    hulk.keyStore.removeKey(id('hulk'), id('moki'));
    expect(keysOf(await send(hulk, instant('hulk', 'moki')))).not.toEqual(keysOf(first));
  });

  it.each(['hulk', 'group'])('of a pinned key goes on although an old message to %s comes back', async to => {
    const old = await send(machine('hulk'), instant('hulk', to, createText('old', { group: id('group') })));
    const hulk = machine('hulk');
    const pin = async (target: string): Promise<void> => {
      const key = await protocol.symmetric.get('AES').generateKey();
      hulk.keyStore.saveKey(id('hulk'), id(target), { key, time, uses: 1, pinned: true });
    };
    for (const target of ['hulk', 'group']) await pin(target);
    const before = ['hulk', 'group'].map(target => hulk.keyStore.loadKey(id('hulk'), id(target)));
    const { protection } = await open(hulk, old, 'hulk');
    expect(protection.encryption?.reused).toBe(false);
    const after = ['hulk', 'group'].map(target => hulk.keyStore.loadKey(id('hulk'), id(target)));
    expect(after.map((entry, i) => entry === before[i])).toEqual([true, true]);
  });
});

describe('a message without key', () => {
  const bare = (message: ReliableMessage): ReliableMessage => {
    const { encryptedKey: _, ...rest } = message;
    return rest;
  };

  it('is opened with the key that came before', async () => {
    const moki = machine('moki');
    const message = await send(machine('hulk'), instant('hulk', 'moki'));
    expect(await codeOf(open(moki, bare(message), 'moki'))).toBe('ERR_NOT_FOUND');
    await open(moki, message, 'moki');
    const opened = await open(moki, bare(message), 'moki');
    expect(opened.message.content).toMatchObject({ text: 'Hey' });
    expect(opened.protection.encryption).toEqual({ algorithm: 'AES', bits: 256, reused: true });
  });

  it('in a group is opened with the group’s, also when the content does not name it', async () => {
    const moki = machine('moki');
    const message = await send(machine('hulk'), instant('hulk', id('group')));
    await open(moki, message, 'moki');
    const { encryptedKeys: _, ...keyless } = message;
    expect((await open(moki, keyless, 'moki')).message.content).toMatchObject({ text: 'Hey' });
    expect(moki.keyStore.loadKey(id('hulk'), id('group'))).toBeDefined();
  });

  it('leaves no key under the name of a group that is not here, since anybody can make up names', async () => {
    const madeUp = createID({ name: 'made-up', address: id('group').address });
    const moki = machine('moki');
    const content = createText('Hey', { group: madeUp });
    const opened = await open(moki, await send(machine('hulk'), instant('hulk', 'moki', content)), 'moki');
    expect(opened.message.content).toMatchObject({ text: 'Hey', group: madeUp });
    expect(moki.keyStore.loadKey(id('hulk'), madeUp)).toBeUndefined();
  });

  it('is not opened with the key of another sender', async () => {
    const moki = machine('moki');
    await open(moki, await send(machine('anna'), instant('anna', 'moki')), 'moki');
    const message = bare(await send(machine('hulk'), instant('hulk', 'moki')));
    expect(await codeOf(open(moki, message, 'moki'))).toBe('ERR_NOT_FOUND');
  });
});

describe('broadcasts', () => {
  it('leave no key anywhere', async () => {
    const hulk = machine('hulk', { keys: { policy: reuse } });
    const moki = machine('moki');
    const everyone = id('everyone@everywhere');
    const { key } = await hulk.transceiver.encrypt(instant('hulk', everyone));
    expect([key.algorithm, key.bits]).toEqual(['PLAIN', 0]);
    await open(moki, await send(hulk, instant('hulk', everyone)), 'moki');
    for (const { keyStore } of [hulk, moki]) {
      for (const target of [everyone, id('moki')])
        expect(keyStore.loadKey(id('hulk'), target)).toBeUndefined();
    }
  });
});

describe('a key store that fails', () => {
  it('is heard of', async () => {
    class Broken extends MemoryKeyStore {
      override saveKey(): void {
        throw new Error('disk full');
      }
    }
    const hulk = machine('hulk', { transceiver: { keyStore: new Broken() } });
    await expect(hulk.transceiver.encrypt(instant('hulk', 'moki'))).rejects.toThrow('disk full');
  });
});
