import { encodeUtf8 } from '@dimp/crypto/format';
import { createBtcAddress } from './btc-address.js';
import type { MetaType } from './meta.js';

/** Metas with a name: the key signs the name, and the signature makes the address (v1.md 4). */
export const mkmMeta: MetaType = {
  code: 1,
  aliases: ['MKM', 'mkm'],
  kind: 'mkm',
  parse: reader => ({ seed: reader.text('seed'), fingerprint: reader.bytes('fingerprint') }),
  async generate(key, seed) {
    return { seed, fingerprint: await key.sign(encodeUtf8(seed)) };
  },
  async verify({ key, seed, fingerprint }) {
    if (seed === undefined || fingerprint === undefined) return false;
    return key.verify(encodeUtf8(seed), fingerprint);
  },
  address: (meta, network) => createBtcAddress(meta.fingerprint as Uint8Array, network),
};
