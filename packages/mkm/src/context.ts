import type { AsymmetricAlgorithm, Registry } from '@dimp/crypto';
import type { AddressFormat } from './address.js';
import type { IDCache } from './id-cache.js';
import type { MetaType } from './meta.js';

/**
 * What reading identities needs to know. Functions ask for the slice they read; callers pass the whole
 * protocol.
 */
export interface IdentityContext {
  readonly asymmetric: Registry<AsymmetricAlgorithm>;
  /** Forms of address, asked in this order. */
  readonly addresses: readonly AddressFormat[];
  /** IDs read before with these forms; absent when nothing is to be remembered. */
  readonly knownIDs?: IDCache;
  readonly metas: Registry<MetaType>;
}
