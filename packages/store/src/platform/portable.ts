import { UsageError } from '@dimp/crypto';
import type { Platform } from './platform.js';
import { portableScrypt } from './portable-scrypt.js';
import { PortableSealer } from './portable-sealer.js';

/** Portable code, for runtimes that are neither Node nor a browser: a database has to be handed in. */
export const platform: Platform = {
  createSealer: key => new PortableSealer(key),
  scrypt: portableScrypt,
  openLocation: refuse,
  repairLocation: refuse,
};

async function refuse(): Promise<never> {
  throw new UsageError('There are no locations on this platform; hand in an abstract-level database.');
}
