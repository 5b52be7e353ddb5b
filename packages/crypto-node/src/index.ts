/**
 * The algorithms of DIMP over `node:crypto`.
 * @packageDocumentation
 */
import type { AsymmetricAlgorithm, SymmetricAlgorithm } from '@dimp/crypto';
import { aes } from './aes.js';
import { ecc } from './ecc.js';
import { rsa } from './rsa.js';

export { aes, ecc, rsa };

/** For `createProtocol({ asymmetric })`. */
export const nodeAsymmetric: readonly AsymmetricAlgorithm[] = [rsa, ecc];

/** For `createProtocol({ symmetric })`. */
export const nodeSymmetric: readonly SymmetricAlgorithm[] = [aes];
