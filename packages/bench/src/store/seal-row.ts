import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createSealer } from '@dimp/store/sealer';
import { interleave } from '../interleave.js';
import { type Row, timeRow } from '../row.js';
import type { Scope } from '../suite.js';
import { record, recordBytes } from './record.js';

/** A record through the cipher of a store and back, beside the bare AES-256-GCM. */
export async function sealRow(scope: Scope): Promise<Row> {
  const secret = randomBytes(32);
  const key = new Uint8Array(randomBytes(25));
  const sealer = createSealer(new Uint8Array(secret));
  const nonce = randomBytes(12);
  const times = await interleave(
    {
      ours: () => sealer.open(sealer.seal(record, key) as Uint8Array, key),
      floor() {
        const cipher = createCipheriv('aes-256-gcm', secret, nonce);
        cipher.setAAD(key);
        const sealed = cipher.update(record);
        cipher.final();
        const decipher = createDecipheriv('aes-256-gcm', secret, nonce);
        decipher.setAAD(key);
        decipher.setAuthTag(cipher.getAuthTag());
        const opened = decipher.update(sealed);
        decipher.final();
        return opened;
      },
    },
    scope,
  );
  const name = `record of ${recordBytes} B sealed and opened`;
  return timeRow({ suite: 'store', name, times: times.ours, floor: times.floor });
}
