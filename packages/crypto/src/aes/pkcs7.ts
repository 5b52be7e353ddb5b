import { DecryptError } from '../errors.js';

/** The size of a block of AES in bytes. */
export const blockSize = 16;

/** What stands after the last whole block, filled up: each added byte tells how many were added, 1 to 16. */
export function padLastBlock(rest: Uint8Array): Uint8Array {
  const block = new Uint8Array(blockSize).fill(blockSize - rest.length);
  block.set(rest);
  return block;
}

/**
 * The data without its padding. Every byte of the padding is looked at, and always all sixteen of the last
 * block, so that the time tells nothing about where it is wrong.
 * @throws {DecryptError} when the padding is not of the one right form
 */
export function removePadding(padded: Uint8Array): Uint8Array {
  const count = padded[padded.length - 1] as number;
  // sign bits in place of comparisons: -1 where the condition holds, 0 where not
  let wrong = ((count - 1) >> 31) | ((blockSize - count) >> 31);
  for (let i = 1; i <= blockSize; i++) {
    const inPadding = (i - 1 - count) >> 31;
    wrong |= inPadding & ((padded[padded.length - i] as number) ^ count);
  }
  if (wrong !== 0) throw new DecryptError();
  return padded.subarray(0, padded.length - count);
}
