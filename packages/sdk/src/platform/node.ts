import { nodeAsymmetric, nodeSymmetric } from '@dimp/crypto-node';
import type { Platform } from './platform.js';

/** `node:crypto`. */
export const platform: Platform = { asymmetric: nodeAsymmetric, symmetric: nodeSymmetric };
