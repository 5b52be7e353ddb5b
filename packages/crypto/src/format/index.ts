/**
 * Bytes as text: base64, base58, hex and UTF-8. Writing cannot fail; reading is strict and throws ParseError.
 * @packageDocumentation
 */
export { decodeBase58, encodeBase58 } from './base58.js';
export { decodeBase64, encodeBase64 } from './base64.js';
export { decodeHex, encodeHex } from './hex.js';
export { decodeUtf8, encodeUtf8 } from './utf8.js';
