import { DecryptError } from '../errors.js';

/** The size of a block of AES in bytes. */
export const blockSize = 16;

/** The data with its padding: whole blocks. */
export function padBlocks(data: Uint8Array): Uint8Array {
  const count = blockSize - (data.length % blockSize);
  const padded = new Uint8Array(data.length + count).fill(count, data.length);
  padded.set(data);
  return padded;
}

/**
 * How many bytes of whole blocks are data. Every byte of the padding is looked at, and always all sixteen of the
 * last block, so that the time tells nothing about where it is wrong.
 * @throws {DecryptError} when the padding is not of the one right form, or there is no whole block
 */
export function unpaddedLength(padded: Uint8Array): number {
  if (padded.length === 0 || padded.length % blockSize !== 0) throw new DecryptError();
  const count = padded[padded.length - 1] as number;
  // sign bits in place of comparisons: -1 where the condition holds, 0 where not
  let wrong = ((count - 1) >> 31) | ((blockSize - count) >> 31);
  for (let i = 1; i <= blockSize; i++) {
    const inPadding = (i - 1 - count) >> 31;
    wrong |= inPadding & ((padded[padded.length - i] as number) ^ count);
  }
  if (wrong !== 0) throw new DecryptError();
  return padded.length - count;
}
