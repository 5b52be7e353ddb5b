/**
 * What seals the records of a store, for records that are kept beside one and for measuring what it costs.
 * @packageDocumentation
 */
import { platform } from '#platform';
import type { Sealer } from './sealer.js';

export type { Sealer } from './sealer.js';

/** A sealer in the platform's own code. @param key 32 bytes */
export function createSealer(key: Uint8Array): Sealer {
  return platform.createSealer(key);
}
