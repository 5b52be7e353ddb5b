import type { Awaitable } from '@dimp/mkm';

/** A port: the way packages take to a station and back. */
export interface Transport {
  /** Hands a package over. Resolves when the transport answers for it. @throws {TransportError} */
  send(data: Uint8Array, options?: { readonly signal?: AbortSignal }): Awaitable<void>;
  /** Calls the listener with each package that comes in, until the function that comes back is called. */
  subscribe(listener: (data: Uint8Array) => void): () => void;
}
