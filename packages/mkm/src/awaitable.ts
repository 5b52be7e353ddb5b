/** A promise or the value itself: what implementers of ports may return. */
export type Awaitable<T> = T | PromiseLike<T>;

/** Whether a value has still to come. */
export function isPending<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function';
}

/**
 * Goes on with a value: at once when it is here, and else when it has come. To `await` what is here costs a turn of the
 * queue, which is more than most of what is done with it; a message to a large group would take thousands.
 */
export function whenReady<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return isPending(value) ? value.then(next) : next(value);
}
