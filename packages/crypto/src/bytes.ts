/** One array of all the bytes, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Whether two byte arrays are the same; the time does not depend on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** A source of random bytes. Tests hand in their own; everything else uses `randomBytes`. */
export type RandomBytes = (length: number) => Uint8Array;

/** Bytes from the platform's cryptographically secure generator. */
export function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  // the platform refuses more than 65,536 bytes at once
  for (let offset = 0; offset < length; offset += 65_536) {
    globalThis.crypto.getRandomValues(bytes.subarray(offset, Math.min(length, offset + 65_536)));
  }
  return bytes;
}
