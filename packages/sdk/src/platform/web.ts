import { webAsymmetric, webSymmetric } from '@dimp/crypto-web';
import type { Platform } from './platform.js';

/** WebCrypto, with portable code for what it lacks. */
export const platform: Platform = { asymmetric: webAsymmetric, symmetric: webSymmetric };
