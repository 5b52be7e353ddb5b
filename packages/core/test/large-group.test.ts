import { setTimeout as sleep } from 'node:timers/promises';
import { type EncryptKey, unsafeMarkVerified } from '@dimp/crypto';
import type { SecureMessage } from '@dimp/dkd';
import { splitMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, decryptKeys, id, instant, type Machine, machine, open, person, travel } from './kit.js';

const people: ID[] = [];
let hulk: Machine;

beforeAll(async () => {
  hulk = machine('hulk');
  for (let i = 0; i < 100; i++) {
    const made = await person(`member-${i}`);
    people.push(made.id);
    hulk.source.saveMeta(made.id, made.meta);
  }
  hulk.source.members.set(id('group').key, people);
});

describe('a group of a hundred', () => {
  it('is encrypted for, with progress', async () => {
    const steps: (readonly number[])[] = [];
    const { message, missing } = await hulk.transceiver.encrypt(instant('hulk', 'group'), {
      onProgress: (done, total) => steps.push([done, total]),
    });
    expect(missing).toEqual([]);
    expect(steps).toEqual([
      [32, 100],
      [64, 100],
      [96, 100],
      [100, 100],
    ]);
    expect([...(message.encryptedKeys?.keys() ?? [])]).toEqual(people.map(({ text }) => text));
    await opens(message);
  });

  it('lets others have their turn', async () => {
    const events: string[] = [];
    setImmediate(() => events.push('somebody else'));
    await hulk.transceiver.encrypt(instant('hulk', 'group'), {
      onProgress: done => {
        // as if the keys were large
        for (const end = performance.now() + 12; performance.now() < end; );
        events.push(`${done} done`);
      },
    });
    expect(events).toContain('somebody else');
    expect(events.indexOf('somebody else')).toBeLessThan(events.indexOf('100 done'));
  });

  it('stops on demand, before and in between, and uses up no key', async () => {
    const stop = new AbortController();
    const steps: number[] = [];
    const sending = hulk.transceiver.encrypt(instant('hulk', 'group'), {
      signal: stop.signal,
      onProgress: done => {
        steps.push(done);
        if (done === 64) stop.abort();
      },
    });
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
    expect(steps).toEqual([32, 64]);
    const before = hulk.keyStore.loadKey(id('hulk'), id('group'));
    const aborted = hulk.transceiver.encrypt(instant('hulk', 'group'), { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    expect(hulk.keyStore.loadKey(id('hulk'), id('group'))).toBe(before);
  });

  it('takes keys that answer later, and files all in the order of the members', async () => {
    const sender = withKey(at => ({
      encrypt: async plaintext => {
        await sleep(at % 7);
        return memberKey(at).encrypt(plaintext);
      },
    }));
    for (const _ of ['first loaded', 'then in memory']) {
      const { message, missing } = await sender.transceiver.encrypt(instant('hulk', 'group'));
      expect(missing).toEqual([]);
      expect([...(message.encryptedKeys?.keys() ?? [])]).toEqual(people.map(({ text }) => text));
      await opens(message);
    }
  });

  it('hears of a key that is broken, whether it fails at once or later', async () => {
    const fail = (): never => {
      throw new Error('unplugged');
    };
    for (const encrypt of [fail, async () => fail(), () => sleep(1).then(fail)]) {
      const sender = withKey(at => (at === 40 || at === 50 ? { encrypt } : {}));
      for (const _ of ['first loaded', 'then in memory']) {
        await expect(sender.transceiver.encrypt(instant('hulk', 'group'))).rejects.toThrow('unplugged');
      }
    }
  });

  /** The key of a member, as it is without a plug-in. */
  function memberKey(at: number): EncryptKey {
    const found = hulk.source.metas.get(people[at]?.key ?? '')?.key.encryption;
    if (found === undefined) throw new Error(`no key of member ${at}`);
    return found;
  }

  /** A machine to which the members' keys come by a plug-in. */
  function withKey(plugIn: (at: number) => Partial<EncryptKey>): Machine {
    const sender = machine('hulk');
    sender.source.members.set(id('group').key, people);
    for (const [at, member] of people.entries()) {
      const known = hulk.source.metas.get(member.key);
      if (known === undefined) throw new Error('a hundred metas');
      const { algorithm, bits, material, json } = known.key;
      const encryption = { capacity: 117, encrypt: memberKey(at).encrypt, ...plugIn(at) };
      const verify: typeof known.key.verify = (data, signature) => known.key.verify(data, signature);
      const key = { algorithm, bits, material, json, verify, encryption };
      sender.source.saveMeta(member, unsafeMarkVerified({ ...known, key }));
    }
    return sender;
  }

  async function opens(message: SecureMessage): Promise<void> {
    const reliable = travel(await hulk.transceiver.sign(message));
    const parts = splitMessage(reliable, people, hulk.barrack.protocol);
    for (const index of [0, 31, 32, 99]) {
      const part = parts[index];
      const reader = people[index];
      if (part === undefined || reader === undefined) throw new Error('a hundred parts');
      const theirs = machine('nobody');
      const { meta } = await person(reader.name);
      theirs.source.saveMeta(reader, meta);
      theirs.source.decryptKeys.set(reader.key, decryptKeys('anna'));
      expect((await open(theirs, part, reader)).message.content).toMatchObject({ text: 'Hey' });
      expect(await codeOf(open(machine('moki'), part, 'moki'))).toBe('ERR_DECRYPT');
    }
  }
});
