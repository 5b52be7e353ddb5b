import { describe, expect, it } from '@jest/globals';
import { createGroup, findFounder, type Group, type ID } from '../src/index.js';
import { context, id, meta, source } from './kit.js';

function group(name: string, changes: Parameters<typeof source>[0] = {}): Group {
  return createGroup(id(name), source(changes), context);
}

const keys = (ids: readonly ID[] | undefined): string[] | undefined => ids?.map(one => one.key);

describe('Polylogue', () => {
  const heroes = group('group');

  it('is owned by its founder, who is found by his key', async () => {
    expect((await heroes.founder())?.key).toBe(id('hulk').key);
    expect((await heroes.owner())?.key).toBe(id('hulk').key);
    expect(await heroes.isOwner(id('hulk'))).toBe(true);
    expect(await heroes.isOwner(id('moki'))).toBe(false);
  });

  it('has members and assistants from the data source, compared without terminal', async () => {
    expect(keys(await heroes.members())).toEqual(['hulk', 'moki', 'anna', 'bob'].map(name => id(name).key));
    expect(keys(await heroes.assistants())).toEqual([id('robot').key]);
    expect(await heroes.isMember(id(`${id('moki').text}/phone`))).toBe(true);
    expect(await heroes.isMember(id('carol'))).toBe(false);
  });

  it('knows its owner as such, and as member, when the members are not known', async () => {
    const unknown = group('group', { loadMembers: () => undefined });
    expect(await unknown.owner()).toBeUndefined();
    expect(await unknown.isOwner(id('hulk'))).toBe(true);
    expect(await unknown.isMember(id('hulk'))).toBe(true);
    expect(await unknown.isMember(id('moki'))).toBe(false);
  });

  it('has no owner without its own meta', async () => {
    const unknown = group('group', { loadMeta: () => undefined });
    expect(await unknown.owner()).toBeUndefined();
    expect(await unknown.isOwner(id('hulk'))).toBe(false);
    await expect(unknown.meta()).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' });
  });
});

describe('ServiceProvider', () => {
  it('has members and no owner that is known', async () => {
    const provider = group('provider', { loadMembers: () => [id('station')] });
    expect(keys(await provider.members())).toEqual([id('station').key]);
    expect(await provider.owner()).toBeUndefined();
    expect(await provider.isMember(id('station'))).toBe(true);
  });
});

describe('a broadcast group', () => {
  it('needs no data source', async () => {
    const refuse = (): never => {
      throw new Error('asked');
    };
    const everyone = group('everyone@everywhere', {
      loadMeta: refuse,
      loadMembers: refuse,
      loadAssistants: refuse,
    });
    expect((await everyone.founder())?.text).toBe('moky@anywhere');
    expect((await everyone.owner())?.text).toBe('anyone@anywhere');
    expect(keys(await everyone.members())).toEqual(['anyone@anywhere']);
    expect(await everyone.assistants()).toEqual([]);
    expect(await everyone.isMember(id('anyone@anywhere'))).toBe(true);
    expect(await everyone.isOwner(id('hulk'))).toBe(false);
  });
});

describe('findFounder', () => {
  it('passes over users whose meta is not here', async () => {
    const users = ['carol', 'moki', 'hulk'].map(name => id(name));
    const found = await findFounder(meta('group'), users, source(), context);
    expect(found?.key).toBe(id('hulk').key);
    expect(await findFounder(meta('group'), users, { loadMeta: () => undefined }, context)).toBeUndefined();
  });
});
