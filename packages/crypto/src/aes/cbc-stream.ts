import { decryptBlocks, encryptBlocks } from '#aes-blocks';
import { concatBytes } from '../bytes.js';
import { checkBytes } from '../check-arguments.js';
import { DecryptError } from '../errors.js';
import { checkIv, decryptCbc, encryptCbc, isIv } from './cbc.js';
import { blockSize } from './pkcs7.js';

type Bytes = TransformStream<Uint8Array, Uint8Array>;

/**
 * As `encryptCbc`, chunk by chunk. Between chunks it holds less than one block.
 * @throws {TypeError} when `iv` is no bytes
 * @throws {UsageError} when it has not sixteen
 */
export function encryptCbcStream(key: Uint8Array, iv: Uint8Array): Bytes {
  checkIv(iv);
  return cbcStream(key, iv, 0, encryptBlocks, encryptCbc);
}

/**
 * As `decryptCbc`, chunk by chunk. It holds back the last block, whose padding can be told only at the end.
 * @throws {TypeError} when `iv` is no bytes
 * @throws {DecryptError} at once when it has not sixteen
 */
export function decryptCbcStream(key: Uint8Array, iv: Uint8Array): Bytes {
  if (!isIv(iv)) throw new DecryptError();
  return cbcStream(key, iv, 1, decryptBlocks, decryptCbc);
}

/** A step of AES-CBC: what comes of data under an iv. */
export type CbcStep<Key> = (key: Key, iv: Uint8Array, data: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/**
 * AES-CBC chunk by chunk, by steps that take their data in one piece.
 * @param iv 16 bytes, which are copied
 * @param left the fewest bytes to leave for the end: 0 to encrypt, 1 to decrypt, where the padding is told only there
 * @param run for whole blocks, without padding
 * @param finish for what is left at the end, with padding
 */
export function cbcStream<Key>(
  key: Key,
  iv: Uint8Array,
  left: 0 | 1,
  run: CbcStep<Key>,
  finish: CbcStep<Key>,
): TransformStream<Uint8Array, Uint8Array> {
  let chain = Uint8Array.from(iv);
  let rest: Uint8Array = new Uint8Array(0);
  return new TransformStream({
    async transform(chunk, controller) {
      checkBytes(chunk, 'chunk');
      const data = concatBytes(rest, chunk);
      const most = data.length - left;
      const whole = most - (most % blockSize);
      rest = data.slice(whole);
      if (whole === 0) return;
      const blocks = data.subarray(0, whole);
      const output = await run(key, chain, blocks);
      // the iv of the next block is the ciphertext of this one
      chain = (left === 0 ? output : blocks).slice(-blockSize);
      controller.enqueue(output);
    },
    async flush(controller) {
      const last = await finish(key, chain, rest);
      if (last.length > 0) controller.enqueue(last);
    },
  });
}
