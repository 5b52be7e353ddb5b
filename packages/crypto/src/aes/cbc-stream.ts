import { decryptBlocks, encryptBlocks } from '#aes-blocks';
import { concatBytes } from '../bytes.js';
import { checkBytes } from '../check-arguments.js';
import { DecryptError } from '../errors.js';
import { checkIv, decryptCbc } from './cbc.js';
import { blockSize, padBlocks } from './pkcs7.js';

type Bytes = TransformStream<Uint8Array, Uint8Array>;

/**
 * As `encryptCbc`, chunk by chunk. Between chunks it holds less than one block.
 * @throws {UsageError} when `iv` has not sixteen bytes
 */
export function encryptCbcStream(key: Uint8Array, iv: Uint8Array): Bytes {
  checkIv(iv);
  let chain = Uint8Array.from(iv);
  let rest: Uint8Array = new Uint8Array(0);
  return new TransformStream({
    transform(chunk, controller) {
      checkBytes(chunk, 'chunk');
      const data = concatBytes(rest, chunk);
      const whole = data.length - (data.length % blockSize);
      rest = data.slice(whole);
      if (whole === 0) return;
      const blocks = encryptBlocks(key, chain, data.subarray(0, whole));
      chain = blocks.slice(-blockSize);
      controller.enqueue(blocks);
    },
    flush(controller) {
      controller.enqueue(encryptBlocks(key, chain, padBlocks(rest)));
    },
  });
}

/**
 * As `decryptCbc`, chunk by chunk. It holds back the last block, whose padding can be told only at the end.
 * @throws {DecryptError} at once when `iv` has not sixteen bytes
 */
export function decryptCbcStream(key: Uint8Array, iv: Uint8Array): Bytes {
  if (iv.length !== blockSize) throw new DecryptError();
  let chain = Uint8Array.from(iv);
  let rest: Uint8Array = new Uint8Array(0);
  return new TransformStream({
    transform(chunk, controller) {
      checkBytes(chunk, 'chunk');
      const data = concatBytes(rest, chunk);
      // whole blocks, but never the last one so far
      const whole = Math.max(0, Math.ceil(data.length / blockSize) - 1) * blockSize;
      rest = data.slice(whole);
      if (whole === 0) return;
      const blocks = data.subarray(0, whole);
      controller.enqueue(decryptBlocks(key, chain, blocks));
      chain = blocks.slice(-blockSize);
    },
    flush(controller) {
      const last = decryptCbc(key, chain, rest);
      if (last.length > 0) controller.enqueue(last);
    },
  });
}
