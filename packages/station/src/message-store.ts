import type { ID } from '@dimp/mkm';

/** A message that is to be kept for one receiver. */
export interface NewStored {
  /** Whom it is for: a user, never a group. */
  readonly receiver: ID;
  readonly sender: ID;
  /** The package, byte for byte. */
  readonly data: Uint8Array;
  /** SHA-256 of the signed bytes: with sender and receiver it tells a repeat. */
  readonly digest: Uint8Array;
  /** When it came to the station, in seconds. */
  readonly time: number;
}

/** A message that is kept. */
export interface Stored {
  /** Goes up with every message of its receiver. */
  readonly number: number;
  /** Names the sender among the senders to one receiver: equal for equal senders, and short. */
  readonly senderTag: string;
  /** When it came to the station, in seconds. */
  readonly time: number;
  readonly data: Uint8Array;
}

/** What became of a message. */
export type Added =
  | { readonly kind: 'stored'; readonly number: number; readonly senderTag: string }
  | { readonly kind: 'repeated' };

/** How much there is of a page, at most. The first message comes whatever its size. */
export interface PageLimit {
  readonly count: number;
  readonly bytes: number;
}

/** What is kept for one receiver. */
export interface Usage {
  readonly messages: number;
  readonly bytes: number;
}

/** What a sweep took away. */
export interface Swept {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * A port: messages that are kept until every device of their receiver has them.
 *
 * A device is a name, empty for the nameless one. One that never came before is given all that is kept. Without any
 * device, messages wait for the first. When too much is kept for somebody, a store may let go of what one of his devices
 * has and others, gone since, do not fetch. Embedded LevelDB for one station; a cluster replaces it.
 */
export interface MessageStore {
  /**
   * Keeps a message; resolves when it is on disk. Calls at the same time share a sync.
   * @throws {StationError} `ERR_STATION_QUOTA` no more is kept for this receiver, `ERR_STATION_FULL` for
   * anybody; `ERR_STATION_STORAGE` the disk
   */
  add(message: NewStored): Promise<Added>;
  /** Says that a device of a user is here, and from now on is one whose acknowledgement counts. */
  openDevice(user: ID, device: string): Promise<void>;
  /** Numbers and senders of what a device has not acknowledged, oldest first, in pieces. */
  pending(
    user: ID,
    device: string,
  ): AsyncIterable<readonly { readonly number: number; readonly senderTag: string }[]>;
  /** The messages of a device behind a number that it has not acknowledged, oldest first. */
  page(user: ID, device: string, after: number, limit: PageLimit): Promise<readonly Stored[]>;
  /**
   * A device has these. A message that all devices have is removed. It need not be on disk at once: what is lost of
   * it is delivered twice.
   */
  acknowledge(user: ID, device: string, numbers: readonly number[]): void;
  usage(user: ID): Promise<Usage>;
  /** What is kept in all. */
  readonly total: Usage;
  /** Removes what is older than the retention, and forgets devices that did not come for as long. */
  sweep(now: number): Promise<Swept>;
  /** Resolves when nothing is on its way to disk. */
  idle(): Promise<void>;
  close(): Promise<void>;
}
