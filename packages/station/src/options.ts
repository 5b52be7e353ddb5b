/** Where a station listens. */
export interface ListenOptions {
  /** 127.0.0.1 unless told otherwise: who opens it to others does so knowingly. */
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
}

/** What a station bears of one connection or user before it refuses or waits. */
export interface StationLimits {
  /** Bytes of one package, and of one WebSocket message. */
  readonly packageBytes: number;
  /** Connections at once, in all. */
  readonly connections: number;
  /** Connections at once from one network address. */
  readonly connectionsPerAddress: number;
  /** Connections at once of one user. */
  readonly connectionsPerUser: number;
  /** Messages a second of one connection, on the long run; `burst` times as many at once. */
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** How many seconds of its rate may come at once. */
  readonly burst: number;
  /** Seconds in which a connection has to be recognised and to log in. */
  readonly loginSeconds: number;
  /** Seconds without a byte after which a connection is given up. */
  readonly silenceSeconds: number;
  /** Bytes that may wait for a slow reader before nothing more is handed to it. */
  readonly bufferedBytes: number;
  /** Packages that one connection has under way inside the station before it is not read any further. */
  readonly pendingPackages: number;
}

/** How long and how much is kept for users who do not come. */
export interface RetentionOptions {
  readonly days: number;
  /** Messages kept for one user. One more is refused. */
  readonly messagesPerUser: number;
  /** Bytes kept for one user. */
  readonly bytesPerUser: number;
  /** Bytes kept in all: receivers can be made up, so the quotas of each bound nothing. */
  readonly totalBytes: number;
}

export const defaultListen: ListenOptions = { host: '127.0.0.1', port: 9394 };

export const defaultLimits: StationLimits = {
  packageBytes: 1_048_576,
  connections: 20_000,
  connectionsPerAddress: 20_000,
  connectionsPerUser: 16,
  messagesPerSecond: 1_000,
  bytesPerSecond: 4_194_304,
  burst: 10,
  loginSeconds: 30,
  silenceSeconds: 128,
  bufferedBytes: 1_048_576,
  pendingPackages: 256,
};

export const defaultRetention: RetentionOptions = {
  days: 30,
  messagesPerUser: 100_000,
  bytesPerUser: 268_435_456,
  totalBytes: 17_179_869_184,
};
