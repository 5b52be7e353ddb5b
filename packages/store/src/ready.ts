import type { Awaitable } from '@dimp/mkm';

/** Whether a value has still to come. */
export function isPending<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof (value as { readonly then?: unknown } | undefined)?.then === 'function';
}

/**
 * Goes on with a value: now when it is there, later when it has still to come. Most of what one message needs is in
 * memory, and waiting for what is there takes longer than what is done with it.
 */
export function whenReady<T, Next>(
  value: Awaitable<T>,
  next: (value: T) => Awaitable<Next>,
): Awaitable<Next> {
  return isPending(value) ? value.then(next) : next(value);
}
