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

/** A call to the generator costs more than its bytes, and a message takes a few small lots of them. */
let pool = new Uint8Array(0);
let used = 0;

/**
 * Bytes from the platform's cryptographically secure generator.
 * @throws {RangeError} a length that is no whole number from 0 on
 */
export function randomBytes(length: number): Uint8Array {
  // any other would move the mark in the pool to where bytes were given out, or nowhere
  if (!(length >= 0 && length % 1 === 0)) throw new RangeError(`expected a length, got ${length}`);
  if (length > 256) return fillRandom(length);
  if (used + length > pool.length) {
    pool = fillRandom(1024);
    used = 0;
  }
  const bytes = pool.slice(used, used + length);
  // what was given out must not be found here later
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
}

function fillRandom(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  // the platform refuses more than 65,536 bytes at once
  for (let offset = 0; offset < length; offset += 65_536) {
    globalThis.crypto.getRandomValues(bytes.subarray(offset, offset + 65_536));
  }
  return bytes;
}
