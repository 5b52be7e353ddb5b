/** Why a connection is closed; framings that have a number for it send that. */
export const closeCodes = {
  /** The station stops. */
  goingAway: 1001,
  /** What came is no framing of ours, or against its rules. */
  protocol: 1002,
  /** Broke a limit, or did not log in. */
  policy: 1008,
  tooBig: 1009,
  /** The station cannot go on with it. */
  internal: 1011,
} as const;
export type CloseReason = keyof typeof closeCodes;

/** One way in, whatever its framing: carries packages, each the UTF-8 JSON of one message. */
export interface Connection {
  /** Counts up, for logs. */
  readonly number: number;
  /** Name of its framing. */
  readonly framing: string;
  readonly remote: { readonly address: string; readonly port: number };
  readonly isOpen: boolean;
  /** Bytes that were handed over and have not left yet. */
  readonly bufferedBytes: number;
  /** Hands a package over. `left` is called once: with true when it went to the network, with false when it never will. */
  send(data: Uint8Array, left?: (done: boolean) => void): void;
  /** Tells the other end that its package was taken: it says the text of `time` and `signature` of the package. */
  sendAck(ack: Ack): void;
  close(reason: CloseReason, text?: string): void;
}

/** What an acknowledgement names a package by: its members, as they stand in it. */
export interface Ack {
  readonly time: number;
  readonly signature: string;
}

/** What a framing tells of a connection. */
export interface ConnectionHandler {
  /** A package came in. When it resolves the next may be read, up to `pendingPackages` side by side. Never rejects. */
  package(data: Uint8Array): Promise<void>;
  /** The other end has a package that was sent to it. */
  acknowledged(ack: Ack): void;
  /** The end, told once, whoever ended it. */
  closed(): void;
}

/** Makes the handler of a connection that has just come. Undefined when there is no room: it was closed already. */
export type Welcome = (connection: Connection) => ConnectionHandler | undefined;
