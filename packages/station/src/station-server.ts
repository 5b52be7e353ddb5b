import { UsageError } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';
import { checkStationOptions } from './check-arguments.js';
import { Closers } from './closers.js';
import type { StationHealth } from './http/station-control.js';
import { type OpenStation, openStation } from './open-station.js';
import type { StationAddress, StationOptions, StationState, StationStatus } from './station-options.js';

/**
 * A station on a folder of its own.
 *
 * @example
 * const station = new StationServer({ data: './data' })
 * const { id, url } = await station.start()
 */
export class StationServer {
  readonly #options: StationOptions;
  readonly #closers = new Closers();
  #state: StationState = 'new';
  #open: OpenStation | undefined;
  #opening: Promise<OpenStation> | undefined;
  #closed: Promise<void> | undefined;
  #since = 0;

  /** @throws {TypeError} no folder, or an option that there is none of: the text names it */
  constructor(options: StationOptions) {
    checkStationOptions(options);
    this.#options = options;
  }

  /**
   * Resolves when clients can come.
   * @throws {StationError} `ERR_STATION_RUNNING`, `ERR_STATION_TLS`, `ERR_STATION_STORAGE`, and `ERR_STATION_LISTEN`: the
   * port is taken, the address not here
   * @throws {StoreError} of the account or the messages: `ERR_STORE_PASSPHRASE`, ...
   * @throws {ParseError} a neighbour is no ID
   * @throws {UsageError} it was started or closed before
   */
  async start(): Promise<StationAddress> {
    if (this.#state !== 'new') throw new UsageError('A station is started once; make another one.');
    this.#state = 'starting';
    try {
      this.#opening = openStation(this.#options, this.#closers, () => this.health());
      this.#open = await this.#opening;
    } catch (error) {
      // what is wrong with starting says more than what is wrong with closing after it
      await Promise.allSettled([this.close()]);
      throw error;
    }
    const { address } = this.#open;
    this.#since = performance.now();
    if (this.#closed === undefined) this.#state = 'running';
    this.#options.log?.logger.info({ url: address.url }, 'listening');
    return address;
  }

  /** Takes nothing new in, has what is under way written and answered, and ends all connections with 1001. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  health(): StationHealth {
    return { isHealthy: this.#state === 'running', state: this.#state };
  }

  status(): StationStatus {
    const open = this.#open;
    return {
      state: this.#state,
      address: open?.address,
      uptime: open === undefined ? 0 : Math.floor((performance.now() - this.#since) / 1000),
      connections: open?.listener.connectionCount ?? 0,
      sessions: open?.sessions.sessionCount ?? 0,
      users: open?.sessions.userCount ?? 0,
      relayed: open?.inbound.relayedCount ?? 0,
      stored: open?.messages.total ?? { messages: 0, bytes: 0 },
    };
  }

  /** Users who are here and not paused. */
  onlineUsers(): readonly ID[] {
    return [...(this.#open?.sessions.onlineUsers() ?? [])];
  }

  /** Users who ever logged in here: how many, and the newest of them. */
  async knownUsers(limit: number): Promise<{ readonly count: number; readonly newest: readonly ID[] }> {
    const { users } = this.#open ?? {};
    return { count: users?.userCount ?? 0, newest: (await users?.newest(limit)) ?? [] };
  }

  /** Users who are shut out. */
  bannedUsers(): readonly ID[] {
    return this.#open?.users.bannedUsers() ?? [];
  }

  /**
   * Shuts a user out and ends his connections, or lets him in again.
   * @throws {ParseError} it is no ID @throws {UsageError} the station does not run
   */
  async setBanned(id: string, isBanned: boolean): Promise<void> {
    const open = this.#open;
    if (open === undefined) throw new UsageError('The station does not run; start it first.');
    const user = open.account.facebook.parseID(id);
    await open.users.setBanned(user, isBanned);
    if (!isBanned) return;
    for (const session of [...open.roster.of(user)]) session.shutOut('The station serves you no more.');
  }

  async #close(): Promise<void> {
    this.#state = 'stopping';
    // what is being opened has to be there to be closed; whoever called start hears why it is not
    await Promise.allSettled([this.#opening]);
    try {
      await this.#closers.close();
    } finally {
      this.#state = 'closed';
      // of a start that failed its caller hears
      if (this.#open !== undefined) this.#options.log?.logger.info('closed');
    }
  }
}
