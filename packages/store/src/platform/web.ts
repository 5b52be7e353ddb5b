import { openShared } from '../tabs/open-shared.js';
import { repairIndexedDb } from './indexed-db.js';
import type { Platform } from './platform.js';
import { portableScrypt } from './portable-scrypt.js';
import { createWebSealer } from './web-sealer.js';

/** WebCrypto, and IndexedDB shared among tabs. */
export const platform: Platform = {
  createSealer: createWebSealer,
  scrypt: portableScrypt,
  openLocation: openShared,
  repairLocation: repairIndexedDb,
};
