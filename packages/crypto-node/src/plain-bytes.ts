/** The bytes of a buffer as a plain array over the same memory: a `Buffer` slices, prints and compares otherwise. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
