/**
 * The key objects of ECC without the arithmetic of the curve: for algorithms that leave it to a platform or a device.
 * @packageDocumentation
 */
export { pointOf, randomSecret } from '#ecc-curve';
export { checkBits, formatKey, materialOf } from './key-format.js';
export { readPoint, readSecret } from './key-text.js';
