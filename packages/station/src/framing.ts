import type { Duplex } from 'node:stream';

/** What a framing thinks of the first bytes of a connection. */
export type Recognition = 'yes' | 'no' | 'more';

/**
 * A way to lay packages into a stream of bytes. The listener asks all of them in turn with the first bytes of a
 * connection; the first to say yes has it for the rest of its life. A new framing is a new file and one line where
 * the list is made.
 */
export interface Framing {
  readonly name: string;
  /** @param head the first bytes, at most `headBytes` of them */
  recognise(head: Uint8Array): Recognition;
  /** Takes the connection over. The bytes of the head are read from the stream again. */
  accept(stream: Duplex, remote: { readonly address: string; readonly port: number }): void;
  /** Ends all connections of it, as when the station stops; resolves when they are gone. */
  close(): Promise<void>;
}

/** More than this is not looked at to recognise a framing. */
export const headBytes = 512;
