import { decodeUtf8, encodeUtf8 } from './utf8.js';

/** Platforms of 2025 and later bring the coding along. */
interface PlatformBytes extends Uint8Array {
  toBase64?(): string;
}

interface PlatformArray {
  fromBase64?(text: string, options: { lastChunkHandling: 'strict' }): Uint8Array;
}

/** Base64 by the platform, or by tables where it has none. */
export function writeBase64(data: PlatformBytes): string {
  return data.toBase64?.() ?? writeByTable(data);
}

/** The bytes of a padded text; undefined for any other, which one with white space may count as. */
export function readBase64(text: string): Uint8Array | undefined {
  const platform: typeof Uint8Array & PlatformArray = Uint8Array;
  // it skips white space, and of that the form feed is foreign here
  if (platform.fromBase64 !== undefined && !text.includes('\f')) {
    try {
      return platform.fromBase64(text, { lastChunkHandling: 'strict' });
    } catch {
      // strict refuses bits beyond the last byte too; the tables tell those from real errors
    }
  }
  return readByTable(text);
}

const letters = /* @__PURE__ */ encodeUtf8(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);
const equalSign = 0x3d;
const foreign = 64;

function writeByTable(data: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(data.length / 3) * 4).fill(equalSign);
  let offset = 0;
  let bits = 0;
  let count = 0;
  for (const byte of data) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= 6; ) {
      count -= 6;
      codes[offset++] = letters[(bits >> count) & 63] as number;
    }
  }
  if (count > 0) codes[offset] = letters[(bits << (6 - count)) & 63] as number;
  return decodeUtf8(codes);
}

function readByTable(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const data = new Uint8Array((text.length / 4) * 3 - padding);
  let offset = 0;
  let bits = 0;
  let count = 0;
  for (let i = 0; i < text.length - padding; i++) {
    const value = values[text.charCodeAt(i)] ?? foreign;
    if (value === foreign) return undefined;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    data[offset++] = bits >> count;
  }
  return data;
}

/** Six bits for each character code, or `foreign`. */
const values = /* @__PURE__ */ valuesOf(letters);

function valuesOf(codes: Uint8Array): Uint8Array {
  const table = new Uint8Array(128).fill(foreign);
  codes.forEach((code, value) => {
    table[code] = value;
  });
  return table;
}
