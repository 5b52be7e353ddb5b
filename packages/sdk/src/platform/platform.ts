import type { AsymmetricAlgorithm, SymmetricAlgorithm } from '@dimp/crypto';

/**
 * What is best done by other code on other platforms. Which one an application gets is decided by the conditions
 * of its runtime or bundler, see `imports` in package.json.
 */
export interface Platform {
  readonly asymmetric: readonly AsymmetricAlgorithm[];
  readonly symmetric: readonly SymmetricAlgorithm[];
}
