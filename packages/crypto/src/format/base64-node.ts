/** What is used of Node's global of this name. */
declare const Buffer: {
  from(memory: ArrayBufferLike, offset?: number, length?: number): NodeBuffer;
};

interface NodeBuffer {
  toString(coding: 'base64'): string;
  write(text: string, coding: 'base64'): number;
}

/** Base64 by Node. */
export function writeBase64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

/** The bytes of a padded text without white space; undefined for any other text. */
export function readBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // own memory: what Buffer.from(text) gives is a window on a pool that holds other people's bytes
  const data = new Uint8Array((text.length / 4) * 3 - padding);
  const buffer = Buffer.from(data.buffer);
  buffer.write(text, 'base64');
  // Node overlooks errors. To write the bytes again is several times faster than a pattern; it says no
  // to a good text only when that has bits beyond the last byte
  return buffer.toString('base64') === text || padded.test(text) ? data : undefined;
}

const padded = /^[A-Za-z0-9+/]*={0,2}$/;
