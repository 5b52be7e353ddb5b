import type { Verified } from '@dimp/crypto';
import { Polylogue, type Profile, Station, User } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { Barrack } from '../src/barrack.js';
import { codeOf, id, MemorySource, machine, meta, protocol } from './kit.js';

describe('Barrack', () => {
  it('makes users and groups of the right kind, one for each ID', async () => {
    const { barrack } = machine('hulk');
    expect(await barrack.user(id('station'))).toBeInstanceOf(Station);
    expect(await barrack.group(id('group'))).toBeInstanceOf(Polylogue);
    const [one, two] = await Promise.all([
      barrack.user(id('moki')),
      barrack.user(id(`${id('moki').text}/phone`)),
    ]);
    expect(two).toBe(one);
    expect(await barrack.user(id(`${id('anna').text}/phone`))).toMatchObject({ id: id('anna') });
  });

  it('loads each meta and profile once', async () => {
    const { barrack, source } = machine('hulk');
    await Promise.all([barrack.user(id('moki')), barrack.user(id('moki'))]);
    const moki = await barrack.user(id('moki'));
    await Promise.all([moki?.meta(), moki?.meta(), moki?.name(), moki?.profile()]);
    expect(source.asked.get(`meta ${id('moki').key}`)).toBe(1);
    expect(source.asked.get(`profile ${id('moki').key}`)).toBe(1);
  });

  it('asks for whom it is, and not for one of his devices', async () => {
    const { barrack, source } = machine('hulk');
    const asked: string[] = [];
    source.loadMeta = ({ text }) => void asked.push(text);
    source.loadProfile = async ({ text }) => void asked.push(text);
    await barrack.loadMeta(id(`${id('moki').text}/phone`));
    await barrack.loadProfile(id(`${id('moki').text}/phone`));
    expect(asked).toEqual([id('moki').text, id('moki').text]);
  });

  it('asks again for what was not there', async () => {
    const { barrack, source } = machine('hulk', { knows: [] });
    expect(await barrack.user(id('moki'))).toBeUndefined();
    expect(await barrack.group(id('group'))).toBeUndefined();
    source.saveMeta(id('moki'), meta('moki'));
    expect(await barrack.user(id('moki'))).toBeInstanceOf(User);
    expect(source.asked.get(`meta ${id('moki').key}`)).toBe(2);
  });

  it('remembers that somebody has no profile, until one is saved or he is forgotten', async () => {
    const { barrack, source } = machine('hulk');
    const carol = id('carol');
    for (const _ of [1, 2]) expect(await barrack.loadProfile(carol)).toBeUndefined();
    expect(source.asked.get(`profile ${carol.key}`)).toBe(1);
    barrack.forget(carol);
    expect(await barrack.loadProfile(carol)).toBeUndefined();
    expect(source.asked.get(`profile ${carol.key}`)).toBe(2);
    const profile = (await barrack.loadProfile(id('moki'))) as Verified<Profile>;
    await barrack.saveProfile(carol, profile);
    expect(await barrack.loadProfile(carol)).toBe(profile);
  });

  it('needs no meta for broadcast IDs, and never asks for it', async () => {
    const { barrack, source } = machine('hulk', { knows: [] });
    expect(await barrack.user(id('anyone@anywhere'))).toBeInstanceOf(User);
    const everyone = await barrack.group(id('everyone@everywhere'));
    expect((await everyone?.members())?.map(({ text }) => text)).toEqual(['anyone@anywhere']);
    expect(await barrack.loadProfile(id('anyone@anywhere'))).toBeUndefined();
    expect(await barrack.loadMeta(id('anyone@anywhere'))).toBeUndefined();
    expect(source.asked.size).toBe(0);
  });

  it('refuses what is no user or no group', async () => {
    const { barrack } = machine('hulk');
    expect(await codeOf(barrack.user(id('group')))).toBe('ERR_UNSUPPORTED');
    expect(await codeOf(barrack.group(id('moki')))).toBe('ERR_UNSUPPORTED');
  });

  it('saves through to the source, and has it at once', async () => {
    const { barrack, source } = machine('hulk', { knows: [] });
    const loading = barrack.loadMeta(id('moki'));
    await barrack.saveMeta(id('moki'), meta('moki'));
    await loading;
    expect(await barrack.loadMeta(id('moki'))).toMatchObject({ seed: 'moki' });
    expect(source.metas.get(id('moki').key)).toBeDefined();
    const { source: full } = machine('hulk');
    const profile = full.profiles.get(id('moki').key) as Verified<Profile>;
    await barrack.saveProfile(id('moki'), profile);
    expect(await barrack.loadProfile(id('moki'))).toBe(profile);
  });

  it('keeps nothing that the source refuses', async () => {
    class Full extends MemorySource {
      override saveMeta(): void {
        throw new Error('disk full');
      }
    }
    const barrack = new Barrack({ protocol, source: new Full() });
    await expect(barrack.saveMeta(id('moki'), meta('moki'))).rejects.toThrow('disk full');
    expect(await barrack.loadMeta(id('moki'))).toBeUndefined();
  });

  it('forgets one ID on demand', async () => {
    const { barrack, source } = machine('hulk');
    await barrack.user(id('moki'));
    await barrack.user(id('anna'));
    source.metas.delete(id('moki').key);
    source.metas.delete(id('anna').key);
    barrack.forget(id(`${id('moki').text}/phone`));
    expect(await barrack.user(id('moki'))).toBeUndefined();
    expect(await barrack.user(id('anna'))).toBeDefined();
  });

  it('drops half when memory runs short', async () => {
    const { barrack, source } = machine('hulk');
    for (const name of ['hulk', 'moki', 'anna', 'bob']) await barrack.user(id(name));
    await barrack.group(id('group'));
    // five metas, four users and one group; of each kind every second goes
    expect(barrack.reduceMemory()).toBe(3 + 2 + 1);
    expect(barrack.reduceMemory()).toBe(2 + 1 + 1);
    await barrack.loadMeta(id('moki'));
    expect(source.asked.get(`meta ${id('moki').key}`)).toBe(2);
  });

  it('keeps no more than it may', async () => {
    const { source } = machine('hulk');
    const barrack = new Barrack({ protocol, source, capacity: 2 });
    for (const name of ['hulk', 'moki', 'anna', 'hulk']) await barrack.loadMeta(id(name));
    expect(source.asked.get(`meta ${id('hulk').key}`)).toBe(2);
  });

  it('asks the source for what changes: private keys, members, assistants', async () => {
    const { barrack, source } = machine('hulk');
    expect(await barrack.loadSignKey(id('moki'))).toBeUndefined();
    expect(await barrack.loadSignKey(id('hulk'))).toBeDefined();
    expect(await barrack.loadDecryptKeys(id('hulk'))).toHaveLength(1);
    expect(await barrack.loadMembers(id('group'))).toHaveLength(4);
    source.members.set(id('group').key, [id('moki')]);
    expect(await barrack.loadMembers(id('group'))).toHaveLength(1);
    expect(await barrack.loadAssistants(id('group'))).toHaveLength(1);
  });
});
