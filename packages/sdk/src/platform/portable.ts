import { defaultAsymmetric, defaultSymmetric } from '@dimp/crypto/defaults';
import type { Platform } from './platform.js';

/** Portable code, for runtimes that are neither Node nor a browser. */
export const platform: Platform = { asymmetric: defaultAsymmetric, symmetric: defaultSymmetric };
