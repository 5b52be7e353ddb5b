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

/**
 * Whether the caller gave what reading needs, which a program without a type checker easily leaves out.
 * @param source what to put there when nothing else is wanted
 * @throws {TypeError} it is missing
 */
export function checkContext(
  context: Partial<IdentityContext> | undefined,
  name: keyof IdentityContext,
  source: string,
): void {
  if (context?.[name] !== undefined) return;
  throw new TypeError(`context: expected the protocol, or an object such as { ${name}: ${source} }.`);
}
