import { aes } from '@dimp/crypto/aes';
import { createID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { freshKeyPolicy, MemoryKeyStore, type MessageKey } from '../src/index.js';
import { isReusable } from '../src/key-store.js';
import { id } from './kit.js';

const key = await aes.generateKey();
const entry: MessageKey = { key, time: 100, uses: 1 };

describe('MemoryKeyStore', () => {
  it('keeps a new key for every message unless told otherwise', () => {
    expect(new MemoryKeyStore().policy).toBe(freshKeyPolicy);
    const policy = { maxMessages: 5, maxAge: 60 };
    expect(new MemoryKeyStore({ policy }).policy).toBe(policy);
  });

  it('lets go what was not used for longest', () => {
    const store = new MemoryKeyStore({ capacity: 2 });
    const target = (name: string) => createID({ ...id('moki'), name });
    store.saveKey(id('hulk'), target('a'), entry);
    store.saveKey(id('hulk'), target('b'), entry);
    store.loadKey(id('hulk'), target('a'));
    store.saveKey(id('hulk'), target('c'), entry);
    const kept = ['a', 'b', 'c'].filter(name => store.loadKey(id('hulk'), target(name)) !== undefined);
    expect(kept).toEqual(['a', 'c']);
  });

  it('counts the newest as used, however often it is asked for, saved and removed', () => {
    const store = new MemoryKeyStore({ capacity: 2 });
    const target = (name: string) => createID({ ...id('moki'), name });
    store.saveKey(id('hulk'), target('a'), entry);
    store.saveKey(id('hulk'), target('b'), entry);
    for (let times = 0; times < 3; times++) store.loadKey(id('hulk'), target('b'));
    store.removeKey(id('hulk'), target('b'));
    expect(store.loadKey(id('hulk'), target('b'))).toBeUndefined();
    const later = { ...entry, time: 200 };
    store.saveKey(id('hulk'), target('b'), later);
    store.saveKey(id('hulk'), target('b'), later);
    expect(store.loadKey(id('hulk'), target('b'))).toBe(later);
    store.saveKey(id('hulk'), target('c'), entry);
    const kept = ['a', 'b', 'c'].filter(name => store.loadKey(id('hulk'), target(name)) !== undefined);
    expect(kept).toEqual(['b', 'c']);
  });

  it('forgets everything at once', () => {
    const store = new MemoryKeyStore();
    store.saveKey(id('hulk'), id('moki'), entry);
    store.clear();
    expect(store.loadKey(id('hulk'), id('moki'))).toBeUndefined();
  });

  it('shows no key to JSON.stringify', () => {
    const store = new MemoryKeyStore();
    store.saveKey(id('hulk'), id('moki'), entry);
    expect(JSON.stringify(store)).toBe(JSON.stringify({ policy: freshKeyPolicy }));
    expect(JSON.stringify(entry)).not.toContain('data');
  });
});

describe('isReusable', () => {
  const policy = { maxMessages: 3, maxAge: 60 };

  it.each([
    [{ uses: 1 }, 160, true],
    [{ uses: 2 }, 100, true],
    [{ uses: 3 }, 100, false],
    [{ uses: 1 }, 161, false],
    [{ uses: 0 }, 100, false],
    [{ uses: 0, pinned: true }, 100, true],
    [{ uses: 99, pinned: true }, 1e9, true],
  ])('%p at %d: %p', (parts, now, expected) => {
    expect(isReusable({ ...entry, ...parts }, policy, now)).toBe(expected);
  });

  it('is false under fresh keys, even in the same second', () => {
    expect(isReusable(entry, freshKeyPolicy, 100)).toBe(false);
  });
});
