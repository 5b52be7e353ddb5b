import { describe, expect, it } from '@jest/globals';
import { keyStoreConformance } from '../src/conformance/index.js';
import { type KeyStore, MemoryKeyStore, type MessageKey } from '../src/index.js';

keyStoreConformance({ describe, it }, { create: () => new MemoryKeyStore() });

describe('the suite itself', () => {
  type Change = (store: KeyStore) => Partial<KeyStore>;

  /** The tests that a changed store does not pass. */
  async function failures(change: Change): Promise<string[]> {
    const tests: [string, () => Promise<void>][] = [];
    const runner = {
      describe: (_: string, body: () => void): void => body(),
      it: (name: string, body: () => Promise<void>): number => tests.push([name, body]),
    };
    const create = (): KeyStore => {
      const good = new MemoryKeyStore();
      const store: KeyStore = {
        policy: good.policy,
        loadKey: (sender, target) => good.loadKey(sender, target),
        saveKey: (sender, target, entry) => good.saveKey(sender, target, entry),
        removeKey: (sender, target) => good.removeKey(sender, target),
      };
      return { ...store, ...change(store) };
    };
    keyStoreConformance(runner, { create });
    const failed: string[] = [];
    for (const [name, body] of tests) await body().catch(() => failed.push(name));
    return failed;
  }

  const without = (entry: MessageKey | undefined, name: keyof MessageKey): MessageKey | undefined => {
    if (entry === undefined) return undefined;
    const { [name]: _, ...rest } = entry;
    return rest as MessageKey;
  };

  const faults: Record<string, Change> = {
    'forgets everything': () => ({ loadKey: () => undefined }),
    'has no direction': store => ({
      saveKey: async (sender, target, entry) => {
        await store.saveKey(sender, target, entry);
        await store.saveKey(target, sender, entry);
      },
    }),
    'loses the wrapped keys': store => ({
      loadKey: async (sender, target) => without(await store.loadKey(sender, target), 'wrapped'),
    }),
    'loses the pin': store => ({
      loadKey: async (sender, target) => without(await store.loadKey(sender, target), 'pinned'),
    }),
    'cuts the time': store => ({
      saveKey: (sender, target, entry) =>
        store.saveKey(sender, target, { ...entry, time: Math.trunc(entry.time) }),
    }),
    'never removes': () => ({ removeKey: () => undefined }),
    'files by text': store => ({
      saveKey: (sender, target, entry) => store.saveKey({ ...sender, key: sender.text }, target, entry),
    }),
    'keeps the first': store => ({
      saveKey: async (sender, target, entry) => {
        if ((await store.loadKey(sender, target)) === undefined) await store.saveKey(sender, target, entry);
      },
    }),
    'never uses a key': () => ({ policy: { maxMessages: 0, maxAge: 0 } }),
  };

  it.each(Object.keys(faults))('finds a store that %s', async fault => {
    expect(await failures(faults[fault] as Change)).not.toEqual([]);
  });

  it('passes a good one', async () => {
    expect(await failures(() => ({}))).toEqual([]);
  });
});
