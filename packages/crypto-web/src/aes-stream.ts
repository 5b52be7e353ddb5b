import { concatBytes, type SymmetricKey } from '@dimp/crypto';
import { checkBytes } from '@dimp/crypto/check-arguments';

type Bytes = TransformStream<Uint8Array, Uint8Array>;

const blockSize = 16;

/**
 * AES-CBC chunk by chunk, by a key that takes its data in one piece: the padding it puts on each run of blocks is
 * cut off again. Between chunks it holds less than one block.
 */
export function encryptInChunks(key: SymmetricKey, iv: Uint8Array): Bytes {
  let chain = Uint8Array.from(iv);
  let rest = new Uint8Array(0);
  return new TransformStream({
    async transform(chunk, controller) {
      checkBytes(chunk, 'chunk');
      const data = concatBytes(rest, chunk);
      const whole = data.length - (data.length % blockSize);
      rest = data.slice(whole);
      if (whole === 0) return;
      const padded = await key.encrypt(data.subarray(0, whole), { iv: chain });
      const blocks = padded.subarray(0, whole);
      chain = blocks.slice(-blockSize);
      controller.enqueue(blocks);
    },
    async flush(controller) {
      controller.enqueue(await key.encrypt(rest, { iv: chain }));
    },
  });
}

/**
 * The other way. It holds back the last block, whose padding can be told only at the end; every other run of
 * blocks is given a block of padding behind it, as the key wants to see one.
 * @throws {DecryptError} at the end, for every failure
 */
export function decryptInChunks(key: SymmetricKey, iv: Uint8Array): Bytes {
  let chain = Uint8Array.from(iv);
  let rest = new Uint8Array(0);
  return new TransformStream({
    async transform(chunk, controller) {
      checkBytes(chunk, 'chunk');
      const data = concatBytes(rest, chunk);
      // whole blocks, but never the last one so far
      const whole = Math.max(0, Math.ceil(data.length / blockSize) - 1) * blockSize;
      rest = data.slice(whole);
      if (whole === 0) return;
      const blocks = data.subarray(0, whole);
      const last = blocks.slice(-blockSize);
      const padding = await key.encrypt(new Uint8Array(0), { iv: last });
      controller.enqueue(await key.decrypt(concatBytes(blocks, padding), { iv: chain }));
      chain = last;
    },
    async flush(controller) {
      const last = await key.decrypt(rest, { iv: chain });
      if (last.length > 0) controller.enqueue(last);
    },
  });
}
