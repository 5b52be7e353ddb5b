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
