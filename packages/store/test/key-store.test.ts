import { type MessageKey, oneKeyPolicy } from '@dimp/core';
import { keyStoreConformance } from '@dimp/core/conformance';
import type { SymmetricKey } from '@dimp/crypto';
import { aes } from '@dimp/crypto/aes';
import { anyone, createID, everyone, type ID } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { createMemoryDatabase } from '../src/memory.js';
import { openStoreAs } from '../src/open-store.js';
import type { OpenedStore } from '../src/opened-store.js';
import { codeOf, memoryStore, newStore, places, portsIn } from './kit.js';

for (const place of places) {
  const { create, reopen } = portsIn(place, store => store.keyStore);
  describe(place.name, () => {
    keyStoreConformance({ describe, it }, { create });

    it('has the keys in the next run of the program', async () => {
      const store = await create();
      const key = await aes.generateKey();
      const wrapped = new Map([['a', { material: Uint8Array.of(1), encryptedKey: Uint8Array.of(2) }]]);
      await store.saveKey(anyone, everyone, { key, time: 1.5, uses: 7, pinned: true, wrapped });
      const loaded = await (await reopen(store)).loadKey(anyone, everyone);
      expect(loaded).toMatchObject({ time: 1.5, uses: 7, pinned: true, wrapped });
      expect(await loaded?.key.decrypt(await key.encrypt(Uint8Array.of(3)))).toEqual(Uint8Array.of(3));
    });
  });
}

/** Directions that have a key, of those from one named by these numbers to everyone. */
async function kept(store: OpenedStore, numbers: readonly number[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (const number of numbers) {
    const key = store.keys.key('message key', named(number).key, everyone.key);
    if ((await store.ledger.get(key)) !== undefined) found.push(number);
  }
  return found;
}

const named = (number: number): ID => createID({ ...anyone, name: `stranger ${number}` });
const upTo = (end: number, from = 0): readonly number[] =>
  Array.from({ length: end - from }, (_, index) => from + index);

describe('a key store that is full', () => {
  const entryOf = async (parts = {}) => ({ key: await aes.generateKey(), time: 1, uses: 0, ...parts });

  it('forgets the keys that were not used for longest, and leaves nothing of them', async () => {
    const store = await memoryStore({ keyCapacity: 16 });
    for (const number of upTo(40)) await store.keyStore.saveKey(named(number), everyone, await entryOf());
    expect(await kept(store, upTo(40))).toEqual(upTo(40, 24));
    const { records } = await store.verify();
    expect([records.get('message key'), records.get('key turn')]).toEqual([16, 16]);
  });

  it('keeps what is used again and again, and what is pinned', async () => {
    const store = await memoryStore({ keyCapacity: 16 });
    const pinned = await entryOf({ pinned: true });
    await store.keyStore.saveKey(named(0), everyone, pinned);
    for (const number of upTo(5, 1)) await store.keyStore.saveKey(named(number), everyone, await entryOf());
    for (const number of upTo(90, 10)) {
      await store.keyStore.saveKey(named(number), everyone, await entryOf());
      await store.keyStore.saveKey(named(1), everyone, await entryOf({ uses: number }));
      // read and not written
      await store.keyStore.loadKey(named(2), everyone);
    }
    expect(await kept(store, upTo(5))).toEqual([0, 1, 2]);
    expect(await store.keyStore.loadKey(named(1), everyone)).toMatchObject({ uses: 89 });
    expect(await store.keyStore.loadKey(named(0), everyone)).toMatchObject({ pinned: true });
    expect((await store.verify()).records.get('message key')).toBeLessThanOrEqual(17);
  });

  it('counts keys of units that are open side by side, and of the run before', async () => {
    const database = createMemoryDatabase();
    const store = await openStoreAs({ database, keyCapacity: 8 });
    const entries = await Promise.all(upTo(30).map(() => entryOf()));
    await Promise.all(
      upTo(30).map(number =>
        store.unit(async ({ keyStore }) => {
          await keyStore.saveKey(named(number % 20), everyone, entries[number] as MessageKey);
          expect(await keyStore.loadKey(named(number % 20), everyone)).toMatchObject({ time: 1 });
        }),
      ),
    );
    expect((await store.verify()).records.get('message key')).toBeLessThanOrEqual(8);
    await store.close();
    const again = await newStore({ database, keyCapacity: 4 });
    for (const number of upTo(44, 40)) await again.keyStore.saveKey(named(number), everyone, await entryOf());
    expect(await kept(again, upTo(44))).toEqual(upTo(44, 40));
    await again.keyStore.removeKey(named(41), everyone);
    const { records } = await again.verify();
    expect([records.get('message key'), records.get('key turn')]).toEqual([3, 3]);
  });
});

describe('the key store of a store', () => {
  it('has the policy it was given', async () => {
    const { keyStore } = await memoryStore({ policy: oneKeyPolicy });
    expect(keyStore.policy).toBe(oneKeyPolicy);
  });

  it('refuses a key that does not give its bytes away', async () => {
    const { keyStore } = await memoryStore();
    const key = await aes.generateKey();
    const closed: SymmetricKey = {
      algorithm: 'AES',
      bits: 256,
      encrypt: data => key.encrypt(data),
      decrypt: data => key.decrypt(data),
    };
    const saving = () => keyStore.saveKey(anyone, everyone, { key: closed, time: 0, uses: 0 });
    expect(await codeOf(saving)).toBe('ERR_UNSUPPORTED');
    expect(await keyStore.loadKey(anyone, everyone)).toBeUndefined();
  });
});
