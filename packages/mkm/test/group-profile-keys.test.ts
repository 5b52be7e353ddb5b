import { describe, expect, it } from '@jest/globals';
import { createGroup, groupProfileKeys, type ID } from '../src/index.js';
import { context, id, meta, source } from './kit.js';

async function materials(name: string, members: readonly ID[] | undefined): Promise<Uint8Array[]> {
  const data = source({ loadMembers: () => members });
  const keys = await groupProfileKeys(createGroup(id(name), data, context), data);
  return keys.map(key => key.material);
}

const of = (...names: readonly string[]): Uint8Array[] => names.map(name => meta(name).key.material);

describe('groupProfileKeys', () => {
  it('are those of all known members', async () => {
    expect(await materials('group', [id('moki'), id('hulk')])).toEqual(of('moki', 'hulk'));
  });

  it('are the founder’s when nobody is known, for he made the meta of the group', async () => {
    expect(await materials('group', undefined)).toEqual(of('group'));
    expect(of('group')).toEqual(of('hulk'));
  });

  it('are none for a provider whose members are not known', async () => {
    expect(await materials('provider', undefined)).toEqual([]);
    expect(await materials('provider', [id('station')])).toEqual(of('station'));
  });
});
