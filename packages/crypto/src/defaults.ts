import { aes } from './aes/index.js';
import type { AsymmetricAlgorithm, SymmetricAlgorithm } from './algorithm.js';
import { ecc } from './ecc/index.js';
import { rsa } from './rsa/index.js';

/** Algorithms of key pairs that both generations of the protocol use. */
export const defaultAsymmetric: readonly AsymmetricAlgorithm[] = [rsa, ecc];

/** Algorithms of shared keys. PLAIN is not among them, see `plain`. */
export const defaultSymmetric: readonly SymmetricAlgorithm[] = [aes];
