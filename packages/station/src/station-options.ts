import type { JsonObject } from '@dimp/crypto';
import type { FileOptions } from './files/file-options.js';
import type { Route } from './http/router.js';
import type { StationLog } from './log.js';
import type { MessageStore, Usage } from './message-store.js';
import type { Metrics } from './metrics.js';
import type { ListenOptions, RetentionOptions, StationLimits } from './options.js';
import type { SessionDirectory } from './session.js';
import type { TlsFiles } from './tls.js';
import type { UserDirectory } from './user-directory.js';

/** Ports that a cluster replaces. The station closes them when it is closed. */
export interface StationPorts {
  readonly messageStore?: MessageStore;
  readonly sessions?: SessionDirectory;
  readonly users?: UserDirectory;
}

/** How a station is run. Only the folder must be named. */
export interface StationOptions {
  /** The folder of everything; made when it is not there: `account`, `messages`, `users`, `files`. */
  readonly data: string;
  /** 127.0.0.1:9394 when absent. */
  readonly listen?: Partial<ListenOptions>;
  readonly limits?: Partial<StationLimits>;
  readonly retention?: Partial<RetentionOptions>;
  /** What it is called in its ID, on first start; `station` when absent. */
  readonly name?: string;
  /** What the account is sealed with; absent for one that lies open to who gets at the files. */
  readonly passphrase?: string;
  /** Of the station's RSA key, on first start; 2048 when absent. */
  readonly keyBits?: number;
  /** IDs of stations that may bring what others have signed. */
  readonly neighbours?: readonly string[];
  /** Absent for connections without TLS, as behind a proxy that ends it. */
  readonly tls?: TlsFiles;
  /** What clients reach it by when that is not where it listens: `wss://chat.example.org`. */
  readonly url?: string;
  /** How files are hosted; false for not at all. */
  readonly files?: Partial<FileOptions> | false;
  /** Whether other machines may read `/metrics`; false when absent. */
  readonly openMetrics?: boolean;
  /** HTTP paths beside those of the station. */
  readonly routes?: readonly Route[];
  /** Silent when absent. */
  readonly log?: StationLog;
  /** Counts in place of Prometheus' metrics; then there is no `/metrics`. */
  readonly metrics?: Metrics;
  readonly ports?: StationPorts;
  /** Seconds since 1970, with fraction. */
  readonly clock?: () => number;
}

/** Where a station is reached. */
export interface StationAddress {
  /** Its ID, as text. */
  readonly id: string;
  /** Its meta, as on the wire: with it a client can tell the station from any other. */
  readonly meta: JsonObject;
  readonly host: string;
  readonly port: number;
  /** For clients: `ws://127.0.0.1:9394`. */
  readonly url: string;
}

export type StationState = 'new' | 'starting' | 'running' | 'stopping' | 'closed';

/** What a station is doing. */
export interface StationStatus {
  readonly state: StationState;
  /** Undefined unless it runs. */
  readonly address: StationAddress | undefined;
  /** Seconds since it was started. */
  readonly uptime: number;
  readonly connections: number;
  /** Those that are logged in. */
  readonly sessions: number;
  readonly users: number;
  /** Messages that came since it was started and were not for the station itself. */
  readonly relayed: number;
  /** What waits for its receivers. */
  readonly stored: Usage;
}
