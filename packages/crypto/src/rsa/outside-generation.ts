import type { GenerateKeyOptions } from '../algorithm.js';

/** How often progress is told, in milliseconds. */
const interval = 50;

/** How long platforms take for 2048 bits, in milliseconds; the time grows with the fourth power of the bits. */
const usualTime = 150;

/**
 * Waits for a key that is made elsewhere: by the platform on another thread, by a device.
 *
 * It keeps for such work the promises of `GenerateKeyOptions`. Progress is guessed from the time that has passed,
 * never goes back and ends at 1. An abort ends the waiting; the work itself may go on unseen.
 * @param start begins the work; not called when aborted already
 * @throws the reason of the signal when aborted, and what `start` and `onProgress` throw
 */
export async function generateOutside<T>(
  bits: number,
  start: () => Promise<T>,
  options: GenerateKeyOptions,
): Promise<T> {
  const { onProgress, signal } = options;
  onProgress?.(0);
  signal?.throwIfAborted();
  const stop = new AbortController();
  try {
    const made = await Promise.race([start(), interruption(bits, options, stop.signal)]);
    onProgress?.(1);
    return made;
  } finally {
    stop.abort();
  }
}

/** Tells progress until stopped. It never fulfils, and rejects on an abort or an error in `onProgress`. */
function interruption(
  bits: number,
  { onProgress, signal }: GenerateKeyOptions,
  stop: AbortSignal,
): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop });
    if (onProgress === undefined) return;
    const begin = performance.now();
    const expected = usualTime * (bits / 2048) ** 4;
    const timer = setInterval(() => {
      try {
        onProgress(1 - Math.exp(-(performance.now() - begin) / expected));
      } catch (error) {
        reject(error);
      }
    }, interval);
    stop.addEventListener('abort', () => clearInterval(timer), { once: true });
  });
}
