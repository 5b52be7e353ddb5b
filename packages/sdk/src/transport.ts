import type { Awaitable } from '@dimp/mkm';

/** A port: the way packages take to a station and back. */
export interface Transport {
  /**
   * Hands a package over. Resolves when the other side answers for it, as a station does with its acknowledgement;
   * until then the package is not sent.
   * @throws {TransportError} the package was not taken. `isFinal` when it never will be: then it is given up, and
   * `code` and text are kept with the message. Otherwise an outbox holds it, and everything behind it, back until
   * `onReady`, `retryAfter` seconds later, or `messenger.resume()`.
   */
  send(data: Uint8Array, options?: { readonly signal?: AbortSignal }): Awaitable<void>;
  /**
   * How many packages may be handed over before the first of them is answered for. They are carried in the order of the
   * calls. An outbox hands over one after the other when absent.
   */
  readonly window?: number;
  /**
   * Calls the listener with each package that comes in, until the function that comes back is called. When what the
   * listener gives back resolves, the package has been taken care of: what it changes is on disk, whatever became of it;
   * only then may a transport tell the other side that it has arrived. It rejects when the store did not take it.
   */
  subscribe(listener: (data: Uint8Array) => Awaitable<void>): () => void;
  /**
   * Calls the listener whenever packages can be sent after they could not, as after a new connection, until the function
   * that comes back is called. An outbox goes on then.
   */
  onReady?(listener: () => void): () => void;
}
