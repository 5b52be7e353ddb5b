/** Why a socket is closed: a number of RFC 6455, 7.4.1, or one that the other side chose. */
export interface SocketEnd {
  readonly code: number;
  /** For people; empty when nobody says. */
  readonly reason: string;
}

/** The other side took no frame of this size. */
export const tooBigCode = 1009;

/** What is heard from a socket. */
export interface SocketListener {
  opened(): void;
  /** The bytes of a text or binary message. */
  frame(data: Uint8Array): void;
  /** A sign of life beside frames, where the platform tells of it. */
  alive(): void;
  /** The end, told once. */
  closed(end: SocketEnd): void;
}

/** A WebSocket as far as it is needed here. What differs by platform is behind `#socket`. */
export interface Socket {
  /** Bytes that were handed over and have not left yet. */
  readonly bufferedBytes: number;
  /** Sends a text as a text frame, bytes as a binary one. `left` is called when it went to the network. */
  send(frame: Uint8Array | string, left?: () => void): void;
  /** A ping of the protocol; browsers have none. */
  ping?(): void;
  /** Reads no further until `resume`; browsers always read. */
  pause?(): void;
  resume?(): void;
  /** Says that it ends, and waits for the other side to say so too. */
  close(): void;
  /** Ends at once; `closed` is told. */
  terminate(): void;
}

/** Opens a socket to a `ws:` or `wss:` address. */
export type OpenSocket = (url: string, listener: SocketListener) => Socket;
