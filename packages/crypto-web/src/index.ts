/**
 * The algorithms of DIMP for browsers: WebCrypto where it has the operation and is faster, portable code otherwise.
 * Which of them is decided at every call, so a page without `crypto.subtle` works as well.
 * @packageDocumentation
 */
import type { AsymmetricAlgorithm, SymmetricAlgorithm } from '@dimp/crypto';
import { ecc } from '@dimp/crypto/ecc';
import { aes } from './aes.js';
import { rsa } from './rsa.js';

export { aes, rsa };

/** For `createProtocol({ asymmetric })`. WebCrypto does not know the curve of ECC, so that is the portable one. */
export const webAsymmetric: readonly AsymmetricAlgorithm[] = [rsa, ecc];

/** For `createProtocol({ symmetric })`. */
export const webSymmetric: readonly SymmetricAlgorithm[] = [aes];
