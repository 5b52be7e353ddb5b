import { scrypt } from 'node:crypto';
import { openFolder, repairFolder } from './folder.js';
import { NodeSealer } from './node-sealer.js';
import type { Platform, ScryptCost } from './platform.js';

/** `node:crypto` and LevelDB in a folder. */
export const platform: Platform = {
  createSealer: key => new NodeSealer(key),
  scrypt: deriveOutside,
  openLocation: openFolder,
  repairLocation: repairFolder,
};

/** On another thread, so nothing else has to wait for it. */
function deriveOutside(passphrase: Uint8Array, salt: Uint8Array, cost: ScryptCost): Promise<Uint8Array> {
  const { N, r, p } = cost;
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, { N, r, p, maxmem: 128 * r * (N + p + 4) }, (error, key) => {
      if (error !== null) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}
