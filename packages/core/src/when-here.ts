import type { Awaitable } from '@dimp/mkm';

/**
 * Goes on with a value: at once when it is here, and else when it has come. To `await` what is here costs a turn of the
 * queue, of which a message to a large group would take thousands.
 */
export function whenHere<T, R>(value: Awaitable<T>, use: (value: T) => Awaitable<R>): Awaitable<R> {
  return isPromise(value) ? value.then(use) : use(value);
}

function isPromise<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function';
}
