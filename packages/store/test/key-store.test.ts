import { oneKey } from '@dimp/core';
import { keyStoreConformance } from '@dimp/core/conformance';
import type { SymmetricKey } from '@dimp/crypto';
import { aes } from '@dimp/crypto/aes';
import { anyone, everyone } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { codeOf, memoryStore, places, portsIn } from './kit.js';

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

describe('the key store of a store', () => {
  it('has the policy it was given', async () => {
    const { keyStore } = await memoryStore({ policy: oneKey });
    expect(keyStore.policy).toBe(oneKey);
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
