import { setImmediate } from 'node:timers/promises';

/**
 * Gives values until the signal comes. What is under way then is not waited for and goes on by itself.
 * @throws the reason of the signal
 */
export async function* untilAborted<Value>(
  values: AsyncIterable<Value>,
  signal: AbortSignal,
): AsyncGenerator<Value> {
  const iterator = values[Symbol.asyncIterator]();
  const { promise: aborted, forget } = whenAborted(signal);
  try {
    for (;;) {
      // works that wait for nothing leave the program no moment to hear of anything
      await setImmediate();
      signal.throwIfAborted();
      const next = await Promise.race([iterator.next(), aborted]);
      signal.throwIfAborted();
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    forget();
  }
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<undefined>; forget(): void } {
  let hear = (): void => undefined;
  const promise = new Promise<undefined>(resolve => {
    hear = () => resolve(undefined);
  });
  signal.addEventListener('abort', hear);
  return { promise, forget: () => signal.removeEventListener('abort', hear) };
}
