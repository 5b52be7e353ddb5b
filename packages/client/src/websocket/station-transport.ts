import { type DimpError, UsageError } from '@dimp/crypto';
import { type Missing, type Resolver, type Transport, TransportError } from '@dimp/sdk';
import { checkTransportOptions } from '../check-arguments.js';
import { Arrivals, type PackageListener } from './arrivals.js';
import { Backoff, defaultBackoff } from './backoff.js';
import type { ConnectionState, UploadGrant } from './connection-state.js';
import { Departures } from './departures.js';
import { endedBy, notConnected } from './errors.js';
import { type Settings, type StationTransportOptions, settingsOf } from './options.js';
import { Session, type SessionEnd } from './session.js';
import { StationPeer } from './station-peer.js';

type StateListener = (state: ConnectionState) => void;

/**
 * The way to a station by WebSocket: connects, logs in, and does so again whenever the connection is lost, by the next
 * station of the list when one does not answer.
 *
 * A package is sent when the station has it: by its acknowledgement where the station grants that, else by its receipt,
 * or, where none may be hoped for, when it went to the network. What comes in is acknowledged when the listeners have
 * taken care of it, so that a package which is lost by a crash comes again.
 */
export class StationTransport implements Transport, Resolver {
  readonly #settings: Settings;
  readonly #backoff: Backoff;
  readonly #peers: StationPeer[];
  readonly #arrivals = new Arrivals();
  readonly #departures: Departures;
  readonly #listeners = new Set<{ readonly listener: StateListener }>();
  #state: ConnectionState = { kind: 'idle' };
  #upload: UploadGrant | undefined;
  #session: Session | undefined;
  #running: Promise<void> | undefined;
  /** Ends the waiting for the next attempt. */
  #wake: () => void = () => undefined;
  #isClosing = false;
  /** What was asked for while there was no connection. */
  readonly #questions = new Map<string, Missing>();

  /**
   * @throws {TypeError} an option of another kind, such as a User in place of his ID
   * @throws {UsageError} without station, or with an address that is none of WebSocket, or a meta without ID
   * @throws {RangeError} a setting out of its range
   */
  constructor(options: StationTransportOptions) {
    checkTransportOptions(options);
    const { facebook, user, stations, device, agent } = options;
    this.#settings = settingsOf(options);
    this.#backoff = new Backoff({ ...defaultBackoff, ...this.#settings.backoff });
    if (stations.length === 0)
      throw new UsageError('There is no station to connect to; name one in stations.');
    this.#peers = stations.map(station => {
      checkUrl(station.url);
      if (station.meta !== undefined && station.id === undefined) {
        throw new UsageError(`The meta of the station at ${station.url} says nothing without its id.`);
      }
      return new StationPeer({ facebook, user, station, device, agent });
    });
    this.#departures = new Departures(this.#settings, () => notConnected('call connect() first.'));
  }

  /** @see Transport */
  get window(): number {
    return this.#settings.window;
  }

  /** How far the connection is. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** The newest leave to upload files, as a file host asks for it; undefined when the station has given none. */
  upload(): UploadGrant | undefined {
    return this.#upload;
  }

  /** Calls the listener whenever the state changes, until the function that comes back is called. */
  onState(listener: StateListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Calls the listener whenever packages can be sent again, until the function that comes back is called. */
  onReady(listener: () => void): () => void {
    return this.onState(({ kind }) => {
      if (kind === 'ready') listener();
    });
  }

  /**
   * Connects, and stays so until `close()`. Resolves when it is ready; what is temporary is tried again meanwhile, at
   * once when this is called while it waits.
   * @throws {TransportError} it was closed; with `ERR_STATION_IDENTITY` no station is left that can be trusted
   * @throws what the signal was aborted with, which ends the waiting and not the connection
   */
  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    // what is sent from now on waits for it
    if (!this.#isClosing && (this.#state.kind === 'idle' || this.#state.kind === 'waiting'))
      this.#departures.hold();
    this.#running ??= this.#run();
    this.#wake();
    await new Promise<void>((resolve, reject) => {
      const look = (state: ConnectionState): void => {
        if (state.kind !== 'ready' && state.kind !== 'closed') return;
        end();
        if (state.kind === 'ready') resolve();
        else reject(state.reason ?? closedError());
      };
      const abort = (): void => {
        end();
        reject(signal?.reason);
      };
      const stop = this.onState(look);
      const end = (): void => {
        stop();
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      look(this.#state);
    });
  }

  /** Resolves when the station has the package. @see Transport */
  send(data: Uint8Array, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#departures.send(data, options.signal);
  }

  /**
   * Asks the station for the meta or profile that a message waits for; without a connection as soon as there is one. Who
   * is in a group only its members know. @see Resolver
   */
  async request(missing: Missing): Promise<void> {
    if (this.#state.kind === 'ready') await this.#session?.ask(missing);
    else this.#questions.set(`${missing.what} ${missing.id.key}`, missing);
    if (this.#questions.size > maxQuestions)
      this.#questions.delete(this.#questions.keys().next().value ?? '');
  }

  /** Packages that came in, but for what the station says about the connection. @see Transport */
  subscribe(listener: PackageListener): () => void {
    return this.#arrivals.subscribe(listener);
  }

  /**
   * Sends nothing new, waits for what is under way, and disconnects for good. Close the messenger first, so that its
   * last packages go out.
   */
  async close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.#departures.stop(closedError);
      this.#wake();
    }
    await this.#session?.close();
    await this.#running;
    if (this.#state.kind !== 'closed') this.#end();
  }

  async #run(): Promise<void> {
    // whoever called is told of every state
    await undefined;
    // stations that were tried since one was ready, or since the last pause
    let tried = 0;
    for (let peer = this.#peers[0]; peer !== undefined && !this.#isClosing; peer = this.#peers[0]) {
      const { error, readySeconds } = await this.#connect(peer);
      if (this.#isClosing) break;
      // without the user's key it is of no use to try any
      if (error.code === 'ERR_NOT_FOUND') return this.#end(error);
      // one that lasted is followed by a short pause; storms of short ones by longer and longer ones
      if (readySeconds > this.#settings.heartbeatSeconds) this.#backoff.reset();
      const isUntrusted = error.code === 'ERR_STATION_IDENTITY';
      if (isUntrusted) this.#peers.shift();
      else if (readySeconds === 0) this.#peers.push(this.#peers.shift() as StationPeer);
      if (this.#peers.length === 0) return this.#end(error);
      tried = readySeconds > 0 || isUntrusted ? tried : tried + 1;
      if (readySeconds === 0 && tried < this.#peers.length) continue;
      tried = 0;
      await this.#wait(error);
    }
    this.#end();
  }

  #connect(peer: StationPeer): Promise<SessionEnd> {
    this.#departures.hold();
    this.#session = new Session({
      peer,
      settings: this.#settings,
      departures: this.#departures,
      arrivals: this.#arrivals,
      tell: state => this.#tell(state),
    });
    return this.#session.ended;
  }

  async #askAll(): Promise<void> {
    const questions = [...this.#questions.values()];
    this.#questions.clear();
    for (const missing of questions) await this.request(missing);
  }

  async #wait(error: DimpError): Promise<void> {
    const { retryAfter = 0 } = error as Partial<TransportError>;
    const seconds = Math.max(this.#backoff.next(), retryAfter);
    this.#departures.cut(() => endedBy(error));
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#tell({ kind: 'waiting', seconds, reason: error });
    });
    this.#wake = () => undefined;
  }

  #end(reason?: DimpError): void {
    this.#departures.cut(() => (reason === undefined ? closedError() : endedBy(reason)));
    this.#tell({ kind: 'closed', ...(reason && { reason }) });
  }

  #tell(state: ConnectionState): void {
    this.#state = state;
    if (state.kind === 'ready') {
      this.#upload = state.upload;
      void this.#askAll();
    }
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(state);
      } catch (error) {
        // its own mistake, raised where the platform reports uncaught ones
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** More than these are not kept: who asks gives up on the oldest himself. */
const maxQuestions = 1_000;

function closedError(): TransportError {
  return new TransportError('The connection to the station was closed.');
}

function checkUrl(url: string): void {
  const isGood = /^wss?:\/\//i.test(url) && URL.canParse(url);
  if (!isGood) throw new UsageError(`Expected the address of a station, as ws://127.0.0.1:9394, got ${url}.`);
}
