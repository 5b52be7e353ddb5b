import { concatBytes, LimitError, type SymmetricKey } from '@dimp/crypto';
import { plainKey } from '@dimp/crypto/plain';
import { fileLimits } from './file-limits.js';

type ByteTransform = TransformStream<Uint8Array, Uint8Array>;

/** Bytes as a stream of small pieces, or the stream itself. */
export function streamOf(data: Uint8Array | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (!(data instanceof Uint8Array)) return data;
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      const end = Math.min(offset + fileLimits.chunkBytes, data.length);
      if (end > offset) controller.enqueue(data.slice(offset, end));
      offset = end;
      if (end === data.length) controller.close();
    },
  });
}

/** All bytes of a stream; undefined when there are more than `maxBytes`, the rest of which is not read. */
export async function collect(
  data: Uint8Array | ReadableStream<Uint8Array>,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (data instanceof Uint8Array) return data.length > maxBytes ? undefined : data;
  const parts: Uint8Array[] = [];
  let length = 0;
  const write = (chunk: Uint8Array): void => {
    length += chunk.length;
    // an error here is how a pipe is told to cancel its source
    if (length > maxBytes) throw tooLarge(maxBytes);
    parts.push(chunk);
  };
  try {
    await data.pipeTo(new WritableStream({ write }), signal && { signal });
  } catch (error) {
    if (length > maxBytes) return undefined;
    throw error;
  }
  return concatBytes(...parts);
}

/** What is said of a file that is not held in memory. */
export function tooLarge(maxBytes: number): LimitError {
  return new LimitError('File', `expected at most ${maxBytes} bytes to hold in memory; use a stream`);
}

/** What encrypts a file that flows through it. A key that has no streams takes what fits in memory. */
export function encryptThrough(key: SymmetricKey): ByteTransform {
  if (key.algorithm === plainKey.algorithm) return new TransformStream();
  return key.encryptStream?.() ?? wholeTransform(data => key.encrypt(data));
}

/**
 * What decrypts a file that flows through it. Where a key fits can be told only at the end: the stream then
 * errors with `DecryptError`.
 */
export function decryptThrough(key: SymmetricKey): ByteTransform {
  if (key.algorithm === plainKey.algorithm) return new TransformStream();
  return key.decryptStream?.() ?? wholeTransform(data => key.decrypt(data));
}

function wholeTransform(convert: (data: Uint8Array) => Promise<Uint8Array>): ByteTransform {
  const parts: Uint8Array[] = [];
  let length = 0;
  return new TransformStream({
    transform(chunk) {
      length += chunk.length;
      if (length > fileLimits.downloadBytes) throw tooLarge(fileLimits.downloadBytes);
      parts.push(chunk);
    },
    async flush(controller) {
      controller.enqueue(await convert(concatBytes(...parts)));
    },
  });
}
