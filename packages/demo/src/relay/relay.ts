import type { ID } from '@dimp/mkm';
import type { Facebook, FileHost, Transport } from '@dimp/sdk';

/** A package as it is handed to a relay. */
export type PackageListener = (data: Uint8Array) => void;

/** The way of one person to the others. */
export interface Access {
  readonly transport: Transport;
  readonly host: FileHost;
  close(): Promise<void>;
}

/** What is between people: it carries packages, and hosts files. */
export interface Relay {
  /** Where it is, when it is a station in a process of its own. */
  readonly station?: StationFacts;
  /** Connects a local user of a Facebook. */
  join(user: ID, facebook: Facebook): Promise<Access>;
  /** Calls the listener with every package that anybody hands over, until the function that comes back is called. */
  watch(listener: PackageListener): () => void;
  close(): Promise<void>;
}

/** A station, as it says on its first line. */
export interface StationFacts {
  readonly id: string;
  readonly url: string;
  /** Of its process. */
  readonly pid: number;
}
