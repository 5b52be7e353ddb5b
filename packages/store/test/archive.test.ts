import type { PrivateKey } from '@dimp/crypto';
import { ecc } from '@dimp/crypto/ecc';
import { anyone } from '@dimp/mkm';
import type { Archive } from '@dimp/sdk';
import { archiveConformance } from '@dimp/sdk/conformance';
import { describe, expect, it } from '@jest/globals';
import { codeOf, memoryStore, places, portsIn } from './kit.js';

for (const place of places) {
  describe(place.name, () => {
    archiveConformance(
      { describe, it },
      portsIn(place, (store): Archive => store.archive),
    );
  });
}

describe('a unit', () => {
  archiveConformance({ describe, it }, { create: async () => (await (await memoryStore()).begin()).archive });
});

describe('keys that stay where they are', () => {
  it('are refused with a reason, and the keys before are kept', async () => {
    const { archive } = await memoryStore();
    const key = await ecc.generatePrivateKey();
    await archive.saveUserKeys(anyone, { metaKey: key, profileKeys: [] });
    const { algorithm, bits, publicKey } = key;
    const inHardware: PrivateKey = { algorithm, bits, publicKey, sign: data => key.sign(data) };
    const keys = { metaKey: inHardware, profileKeys: [] };
    expect(await codeOf(() => archive.saveUserKeys(anyone, keys))).toBe('ERR_UNSUPPORTED');
    const loaded = await archive.loadUserKeys(anyone);
    expect(loaded?.metaKey.publicKey.material).toEqual(key.publicKey.material);
  });
});
